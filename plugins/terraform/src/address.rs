//! Addresses of Terraform: `module.database["eu"].aws_db_instance.this[0]`.

use std::fmt;

/// The address of a resource, or of what one resource says of another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Address {
    /// The modules around it, the outermost first.
    pub modules: Vec<Step>,
    /// Its type.
    pub kind: String,
    /// The name of its block.
    pub block: Step,
}

/// A name, with the key of its instance where there are several.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Step {
    /// The name.
    pub name: String,
    /// The key, without quotes: `eu`, `0`.
    pub key: Option<String>,
}

/// What an address of a configuration leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A resource.
    Resource(Address),
    /// A data source: its type and name.
    Data(String),
    /// An output of a module that is called: the call, and the output.
    Output(Step, String),
    /// A variable of the module.
    Variable(String),
    /// What `for_each` goes through.
    Each,
    /// Nothing that a plan tells more of: a local value, a path.
    Other,
}

impl Address {
    /// Reads the address of a resource. `None` where it is none, as that of a data source.
    pub fn parse(text: &str) -> Option<Self> {
        let mut steps = steps(text).into_iter();
        let mut modules = Vec::new();
        loop {
            let step = steps.next()?;
            match step.name.as_str() {
                "module" => modules.push(steps.next()?),
                "data" => return None,
                _ => return Some(Self { modules, kind: step.name, block: steps.next()? }),
            }
        }
    }

    /// The modules of an address of modules alone.
    pub fn modules(text: &str) -> Vec<Step> {
        let steps = steps(text);
        steps.chunks(2).filter(|pair| pair[0].name == "module").filter_map(|pair| pair.get(1).cloned()).collect()
    }

    /// The address without keys, as configurations have it.
    pub fn configured(&self) -> Self {
        let bare = |step: &Step| Step { name: step.name.clone(), key: None };
        Self { modules: self.modules.iter().map(bare).collect(), kind: self.kind.clone(), block: bare(&self.block) }
    }

    /// The name of its innermost module, as the document calls it: `db.db_1`. Empty outside of modules.
    pub fn module(&self) -> String {
        path(&self.modules)
    }

    /// The name of its block, with its key, where it has one.
    pub fn label(&self) -> String {
        self.block.key.as_ref().map_or_else(|| self.block.name.clone(), |key| format!("{}.{key}", self.block.name))
    }

    /// Whether the keys of two addresses agree wherever both have one and the steps are the same.
    pub fn agrees(&self, other: &Self) -> bool {
        let both = self.modules.iter().zip(&other.modules).take_while(|(own, other)| own.name == other.name);
        both.into_iter().all(|(own, other)| own.key == other.key || own.key.is_none() || other.key.is_none())
    }
}

/// The names of modules with dots between them.
pub fn path(modules: &[Step]) -> String {
    modules.iter().map(|step| step.name.as_str()).collect::<Vec<_>>().join(".")
}

impl Target {
    /// Reads a reference of a configuration: `aws_sqs_queue.jobs.url`, `module.db.endpoint`, `var.url`.
    pub fn parse(text: &str) -> Self {
        let mut steps = steps(text).into_iter();
        let Some(first) = steps.next() else { return Self::Other };
        let mut name = || steps.next().map(|step| step.name);
        match first.name.as_str() {
            "var" => name().map_or(Self::Other, Self::Variable),
            "each" => Self::Each,
            "data" => match (name(), name()) {
                (Some(kind), Some(block)) => Self::Data(format!("{kind}.{block}")),
                _ => Self::Other,
            },
            "module" => match (steps.next(), steps.next()) {
                (Some(call), Some(output)) => Self::Output(call, output.name),
                _ => Self::Other,
            },
            "local" | "path" | "terraform" | "self" | "count" => Self::Other,
            _ => match steps.next() {
                Some(block) => Self::Resource(Address { modules: Vec::new(), kind: first.name, block }),
                None => Self::Other,
            },
        }
    }
}

/// The steps between the dots; a key may hold dots of its own.
fn steps(text: &str) -> Vec<Step> {
    let mut steps = vec![Step::default()];
    let mut rest = text.chars().peekable();
    while let Some(one) = rest.next() {
        let Some(step) = steps.last_mut() else { break };
        match one {
            '.' => steps.push(Step::default()),
            '[' => {
                let is_quoted = rest.next_if_eq(&'"').is_some();
                let mut key = String::new();
                while let Some(one) = rest.next() {
                    match one {
                        '\\' if is_quoted => key.extend(rest.next()),
                        '"' if is_quoted => {}
                        ']' if !is_quoted || key_ends(&rest) => break,
                        one => key.push(one),
                    }
                }
                step.key = Some(key);
            }
            one => step.name.push(one),
        }
    }
    steps
}

/// Whether a key in quotes can end where the rest of an address follows.
fn key_ends(rest: &std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    matches!(rest.clone().next(), None | Some('.' | '['))
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for module in &self.modules {
            write!(f, "module.{module}.")?;
        }
        write!(f, "{}.{}", self.kind, self.block)
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        match &self.key {
            Some(key) if key.bytes().all(|one| one.is_ascii_digit()) && !key.is_empty() => write!(f, "[{key}]"),
            Some(key) => write!(f, "[\"{key}\"]"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Address, Target};

    #[test]
    fn addresses_are_read_as_they_are_written() {
        for text in [
            "aws_sqs_queue.jobs",
            "aws_sqs_queue.jobs[0]",
            "module.database[\"eu\"].aws_db_instance.this",
            "module.a.module.b[\"x.y\"].aws_db_instance.this[\"z\"]",
        ] {
            assert_eq!(Address::parse(text).expect(text).to_string(), text);
        }
        let address = Address::parse("module.a.module.b[\"x.y\"].aws_db_instance.this[\"z\"]").unwrap();
        assert_eq!((address.module().as_str(), address.label().as_str()), ("a.b", "this.z"));
        assert_eq!(address.configured().to_string(), "module.a.module.b.aws_db_instance.this");
        assert_eq!(Address::parse("data.aws_ami.x"), None);
        assert_eq!(Address::parse("module.a.data.aws_ami.x"), None);
        assert_eq!(Address::parse("module.a"), None);
        assert_eq!(Address::modules("module.a[0].module.b").len(), 2);
    }

    #[test]
    fn instances_of_one_module_agree() {
        let of = |text| Address::parse(text).unwrap();
        let app = of("module.app[\"eu\"].aws_lambda_function.f");
        assert!(app.agrees(&of("module.app[\"eu\"].aws_sqs_queue.q")) && app.agrees(&of("aws_sqs_queue.q[0]")));
        assert!(!app.agrees(&of("module.app[\"us\"].aws_sqs_queue.q")));
    }

    #[test]
    fn references_lead_to_resources_outputs_and_variables() {
        assert_eq!(Target::parse("var.url"), Target::Variable("url".into()));
        assert_eq!(Target::parse("each.value"), Target::Each);
        assert_eq!(Target::parse("local.a"), Target::Other);
        assert_eq!(
            Target::parse("data.aws_iam_policy_document.d.json"),
            Target::Data("aws_iam_policy_document.d".into())
        );
        let Target::Output(call, output) = Target::parse("module.db[\"eu\"].url") else { panic!("it is an output") };
        assert_eq!((call.to_string().as_str(), output.as_str()), ("db[\"eu\"]", "url"));
        let Target::Resource(address) = Target::parse("aws_sqs_queue.a[\"b.c\"].url") else {
            panic!("it is a resource")
        };
        assert_eq!(address.to_string(), "aws_sqs_queue.a[\"b.c\"]");
    }
}
