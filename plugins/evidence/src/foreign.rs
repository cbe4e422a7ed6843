//! Files of other tools, and the commands that make of them what an importer reads.

/// How a configuration of Terraform is handed in.
pub const PLAN: &str =
    "`terraform plan -out plan && terraform show -json plan | spec-engine import terraform -` hands in what it makes";

/// What reads a folder of Kustomize, as the names of its files have it; empty for the current one.
pub fn kustomize(folder: &str) -> String {
    let folder = if folder.is_empty() { "." } else { folder };
    format!("`kubectl kustomize {folder} | spec-engine import kubernetes -` reads what Kustomize makes of it")
}

/// The command that renders a chart in a folder, the current one where that is empty; `None` where nobody knows which.
pub fn helm(chart: Option<&str>) -> String {
    let Some(chart) = chart else { return "helm template RELEASE CHART".to_owned() };
    let chart = if chart.is_empty() { "." } else { chart };
    let name = chart.rsplit(['/', '\\']).next().filter(|name| !matches!(*name, "" | "." | ".."));
    // What has no separator would be the name of a chart in a repository.
    let path = if chart.contains(['/', '\\']) || chart == "." { chart.to_owned() } else { format!("./{chart}") };
    format!("helm template {} {path}", name.unwrap_or("RELEASE"))
}

/// What reads a chart, or the values of one, with the command that renders it.
pub fn helm_reader(command: &str) -> String {
    format!("`{command} | spec-engine import kubernetes -` reads what Helm makes of it")
}

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
    use super::{configuration, helm};

    #[test]
    fn a_chart_is_rendered_by_its_folder() {
        for (folder, expected) in [
            (None, "helm template RELEASE CHART"),
            (Some(""), "helm template RELEASE ."),
            (Some("shop"), "helm template shop ./shop"),
            (Some("deploy/shop"), "helm template shop deploy/shop"),
            (Some("../.."), "helm template RELEASE ../.."),
        ] {
            assert_eq!(helm(folder), expected);
        }
    }

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
