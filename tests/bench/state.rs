//! A raw state of Terraform.

use std::fmt::Write as _;

/// A queue, a database, a role and a function that uses the first two, again and again, about 1.5 KB each.
pub fn state(resources: usize) -> String {
    let mut text = String::from(
        "{\n  \"version\": 4,\n  \"terraform_version\": \"1.9.0\",\n  \"serial\": 1,\n  \"lineage\": \"l\",\n  \"resources\": [\n",
    );
    let tags =
        (0..20).map(|tag| format!("              \"key-{tag}\": \"value-{tag}\"")).collect::<Vec<_>>().join(",\n");
    for number in 0..resources {
        let first = number - number % 4;
        let queue = format!("https://sqs.eu-west-1.amazonaws.com/1/jobs-{first}");
        let database = format!("db-{first}.abc.eu-west-1.rds.amazonaws.com");
        let (kind, own) = match number % 4 {
            0 => ("aws_sqs_queue", format!("\"name\": \"jobs-{first}\", \"url\": \"{queue}\"")),
            1 => (
                "aws_db_instance",
                format!("\"identifier\": \"db-{first}\", \"engine\": \"postgres\", \"address\": \"{database}\""),
            ),
            2 => ("aws_iam_role", format!("\"name\": \"role-{first}\", \"assume_role_policy\": \"{{}}\"")),
            _ => (
                "aws_lambda_function",
                format!(
                    "\"function_name\": \"f-{first}\", \"environment\": [{{\"variables\": {{\"QUEUE_URL\": \"{queue}\", \"DATABASE_URL\": \"postgres://u@{database}:5432/x\"}}}}]"
                ),
            ),
        };
        let comma = if number + 1 < resources { "," } else { "" };
        let _ = writeln!(
            text,
            "    {{\n      \"mode\": \"managed\",\n      \"type\": \"{kind}\",\n      \"name\": \"x{number}\",\n      \"instances\": [\n        {{\n          \"attributes\": {{\n            {own},\n            \"tags_all\": {{\n{tags}\n            }}\n          }},\n          \"private\": \"{}\"\n        }}\n      ]\n    }}{comma}",
            "e".repeat(200)
        );
    }
    text.push_str("  ]\n}\n");
    text
}
