//! The errors of a project and of its limits, with their next steps.

use spec_engine::limits::LimitError;
use spec_engine::project::{LimitSettingError, LockError, ProjectError};
use spec_engine::text::quote;

use super::Failure;

impl From<ProjectError> for Failure {
    fn from(error: ProjectError) -> Self {
        let failure = Self::new(error.to_string());
        match error {
            ProjectError::Unreadable { .. } => failure,
            ProjectError::Outside { .. } => failure.help("name it on the command line, or copy it into the folder"),
            ProjectError::Invalid { .. } => failure.help(
                "its keys are document, documents, plugin, plugins, indexes, scripts, [options.NAME], [view.NAME], [limits], \
                 [limits.NAME], [rules], [rule-limits], [[exceptions]], [import.names] and [[import.ignore]]",
            ),
            ProjectError::UnknownView { suggestion: Some(meant), .. } => {
                failure.help(format!("did you mean {}?", quote(&meant)))
            }
            ProjectError::UnknownView { name, known, .. } if known.is_empty() => {
                failure.help(format!("write a section [view.{name}] into spec-engine.toml"))
            }
            ProjectError::UnknownView { known, .. } => {
                let known: Vec<String> = known.iter().map(|name| quote(name)).collect();
                failure.help(format!("there are {}", known.join(", ")))
            }
            ProjectError::InvalidView { .. } => failure.help("`spec-engine validate` shows the place"),
        }
    }
}

impl From<LockError> for Failure {
    fn from(error: LockError) -> Self {
        let LockError { .. } = error;
        Self::new(error.to_string()).help("restore it from version control, or remove it and add each plugin again")
    }
}

impl From<LimitSettingError> for Failure {
    fn from(error: LimitSettingError) -> Self {
        match error {
            LimitSettingError::ProjectFile(_) | LimitSettingError::ProjectFileScripts(_) => {
                let message = error.to_string();
                let (LimitSettingError::ProjectFile(limit) | LimitSettingError::ProjectFileScripts(limit)) = error
                else {
                    return Self::new(message);
                };
                Self::new(message).help_if(limit_help(&limit))
            }
            LimitSettingError::User(_) | LimitSettingError::UserScripts(_) => {
                let message = error.to_string();
                let (LimitSettingError::User(limit) | LimitSettingError::UserScripts(limit)) = error else {
                    return Self::new(message);
                };
                Self::new(message).help_if(limit_help(&limit))
            }
            LimitSettingError::UserFile { .. } => {
                Self::new(error.to_string()).help("it has two sections, [limits] and [rule-limits]")
            }
            LimitSettingError::Caller(limit) => Self::new(format!("--limit: {limit}")).help_if(limit_help(&limit)),
            LimitSettingError::CallerScripts(limit) => {
                Self::new(format!("--rule-limit: {limit}")).help_if(limit_help(&limit))
            }
            LimitSettingError::UnknownPlugin { key, owner } => {
                let failure = Self::new(format!("--limit {key}: there is no plugin {}", quote(&owner.plugin)));
                failure.help(match owner.suggestion {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "`spec-engine plugins list` shows every plugin".to_owned(),
                })
            }
        }
    }
}

fn limit_help(error: &LimitError) -> Option<String> {
    match error {
        LimitError::Unknown { suggestion: Some(meant), .. } => Some(format!("did you mean `{meant}`?")),
        LimitError::Unknown { known, .. } => Some(format!("the limits are {}", known.join(", "))),
        LimitError::Invalid { .. } | LimitError::AboveMaximum { .. } => None,
    }
}
