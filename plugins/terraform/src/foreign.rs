//! Files that are not what Terraform writes as JSON, and what reads them or makes of them what is read.

use spec_engine_evidence::foreign::{PLAN, configuration, is_configuration};

use crate::format::Document;
use crate::input::File;

/// Why a file is refused: a code, one sentence, the line, the next step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// A stable code, kebab-case.
    pub code: &'static str,
    /// One sentence that names the file and the fault.
    pub message: String,
    /// The line, from 1.
    pub line: usize,
    /// The next step.
    pub help: &'static str,
}

/// How a state is handed in.
pub const STATE: &str = "`terraform show -json | spec-engine import terraform -` hands in the state";

/// Why a text without any JSON that is read is refused, where it is one that is known.
pub fn text(file: &File<'_>) -> Option<Refusal> {
    let (name, text) = (file.short_name(), &file.text);
    let refuse =
        |code, line, what: &str, help| Some(Refusal { code, message: format!("{} {what}", file.name), line, help });
    // `# aws_sqs_queue.jobs:`
    let is_shown = |line: &str| {
        let address = line.strip_prefix("# ").and_then(|rest| rest.trim_end().strip_suffix(':'));
        address.is_some_and(|address| address.contains('.') && !address.contains(' '))
    };
    if let Some(line) = text.lines().position(is_shown).filter(|_| !is_configuration(&name)) {
        return refuse("printed-state", line + 1, "is a state as Terraform prints it for people", STATE);
    }
    if let Some(line) = configuration(&name, text) {
        return refuse("hcl", line, "is a configuration in HCL, which Terraform reads itself", PLAN);
    }
    if name.ends_with(".tf.json") {
        return refuse("hcl", 1, "is a configuration, which Terraform reads itself", PLAN);
    }
    let at = |words: &[&str]| text.lines().position(|line| words.iter().any(|word| line.contains(word)));
    if let Some(line) = at(&[
        "Terraform will perform the following actions",
        "OpenTofu will perform the following actions",
        "will be created",
        "must be replaced",
    ]) {
        return refuse("printed-plan", line + 1, "is a plan as Terraform prints it for people", PLAN);
    }
    if let Some(line) = at(&["Error: "]) {
        return refuse(
            "failed-command",
            line + 1,
            "is what a command of Terraform said when it failed",
            "correct what it says, and run it again",
        );
    }
    None
}

/// Why a JSON object is refused that is neither a state nor a plan, where it is known what it is. `name` is that of its file.
pub fn object(document: &Document<'_>, file: &File<'_>) -> Option<(&'static str, String, &'static str)> {
    let name = &file.name;
    if document.encrypted_data.is_some() {
        let message = format!("{name} is encrypted");
        return Some((
            "encrypted",
            message,
            "`tofu show -json | spec-engine import terraform -`, where OpenTofu has the key",
        ));
    }
    if document.level.is_some() {
        let message = format!("{name} is the log of `terraform plan -json`, not a plan");
        return Some(("plan-log", message, PLAN));
    }
    let is_configuration = document.resource.is_some() || document.terraform.is_some();
    if is_configuration && document.version.is_none() && document.format_version.is_none() {
        let message = format!("{name} is a configuration in JSON, which Terraform reads itself");
        return Some(("hcl", message, PLAN));
    }
    None
}

/// The importer of a JSON object that is none of Terraform, or what it is.
pub fn other(document: &Document<'_>) -> &'static str {
    if document.api_version.is_some() {
        "`spec-engine import kubernetes FILE` reads objects of Kubernetes"
    } else if document.deployment.is_some() {
        "states of Pulumi are not read: name what Terraform or OpenTofu writes"
    } else if document.services.is_some() {
        "name states and plans: a document is no input of an import"
    } else {
        "name states and plans: `terraform show -json`, or terraform.tfstate"
    }
}
