//! Files of other tools, and the commands that make of them what an importer reads.

/// How a configuration of Terraform is handed in.
pub const PLAN: &str =
    "`terraform plan -out plan && terraform show -json plan | spec-engine import terraform -` hands in what it makes";

/// The line at which a file is seen to be a configuration of Terraform in HCL: by its first block, else by its name.
pub fn configuration(name: &str, text: &str) -> Option<usize> {
    block(text).or_else(|| is_configuration(name).then_some(1))
}

/// Whether a file is called as configurations of Terraform are.
pub fn is_configuration(name: &str) -> bool {
    [".tf", ".tofu", ".hcl", ".tfvars"].iter().any(|end| name.ends_with(end))
}

/// The line of the first block of a configuration.
fn block(text: &str) -> Option<usize> {
    const BLOCKS: [&str; 8] =
        ["resource ", "module ", "provider ", "variable ", "output ", "data ", "terraform ", "locals "];
    let is_block = |line: &str| {
        let line = line.trim_end();
        BLOCKS.iter().any(|block| line.starts_with(block)) && line.ends_with('{') && !line.contains(':')
    };
    text.lines().position(is_block).map(|line| line + 1)
}

#[cfg(test)]
mod tests {
    use super::configuration;

    #[test]
    fn configurations_are_known_by_their_names_and_blocks() {
        for (name, text, expected) in [
            ("main.tf", "# nothing\n", Some(1)),
            ("main.tf", "# buckets\n\nresource \"aws_s3_bucket\" \"b\" {\n}\n", Some(3)),
            ("<stdin>", "locals {\n  a = 1\n}\n", Some(1)),
            ("prod.tfvars", "a = 1\n", Some(1)),
            ("compose.yaml", "services:\n  data: {}\n", None),
            ("all.yaml", "description: resource that is {\n", None),
        ] {
            assert_eq!(configuration(name, text), expected, "{name}");
        }
    }
}
