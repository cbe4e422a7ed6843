//! What an ARN of AWS names, by its service and its path.

/// The provider, the list and the name of the resource that an ARN names.
pub fn resource(text: &str) -> Option<(&'static str, &'static str, &str)> {
    let mut parts = text.splitn(6, ':');
    let (arn, partition, service) = (parts.next()?, parts.next()?, parts.next()?);
    let (_, _, rest) = (parts.next()?, parts.next()?, parts.next()?);
    if arn != "arn" || !partition.starts_with("aws") || rest.contains(['*', '?', '{', '}', '$']) {
        return None;
    }
    let after = |start: &str| rest.strip_prefix(start).and_then(|rest| rest.split(['/', ':']).next());
    let (kind, name) = match service {
        "sqs" => ("sqs", Some(rest)),
        "sns" => ("sns", rest.split(':').next()),
        "s3" => ("s3", rest.split('/').next()),
        "dynamodb" => ("dynamodb", after("table/")),
        "kinesis" => ("kinesis", after("stream/")),
        "firehose" => ("kinesis", after("deliverystream/")),
        "events" => ("eventbridge", after("event-bus/")),
        "lambda" => ("lambda", after("function:")),
        "rds" => ("rds", after("db:").or_else(|| after("cluster:"))),
        "secretsmanager" => {
            // Six signs that AWS adds stand behind a hyphen.
            let name = rest.strip_prefix("secret:").and_then(|rest| rest.split(':').next());
            let bare = name.and_then(|name| {
                let (bare, end) = name.rsplit_once('-')?;
                (end.len() == 6 && end.bytes().all(|one| one.is_ascii_alphanumeric())).then_some(bare)
            });
            ("secretsmanager", bare.or(name))
        }
        _ => return None,
    };
    Some(("aws", kind, name.filter(|name| !name.is_empty())?))
}

#[cfg(test)]
mod tests {
    use super::resource;

    #[test]
    fn arns_name_resources() {
        for (text, expected) in [
            ("arn:aws:sqs:eu-central-1:1:jobs", Some(("sqs", "jobs"))),
            ("arn:aws-cn:s3:::b/x", Some(("s3", "b"))),
            ("arn:aws:dynamodb:e:1:table/t/index/i", Some(("dynamodb", "t"))),
            ("arn:aws:secretsmanager:e:1:secret:shop/db-AbCdEf", Some(("secretsmanager", "shop/db"))),
            ("arn:aws:secretsmanager:e:1:secret:shop-database", Some(("secretsmanager", "shop-database"))),
            ("arn:aws:lambda:e:1:function:f:live", Some(("lambda", "f"))),
            ("arn:aws:iam::1:role/r", None),
            ("arn:aws:sqs:e:1:*", None),
            ("arn:aws:sqs", None),
        ] {
            assert_eq!(resource(text).map(|(_, kind, name)| (kind, name)), expected, "{text}");
        }
    }
}
