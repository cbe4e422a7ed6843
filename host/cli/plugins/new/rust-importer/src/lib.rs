//! Makes a service of each line of a text: a name, and the names of those that it connects to.

use spec_engine_plugin::serde_json::{Map, json};
use spec_engine_plugin::{About, File, Imported, Importer, Position, Remark, Severity, importer, options};

options! {
    /// What the user can set with `--set`.
    pub struct Options {
        /// The name of the system.
        pub name: String = "system".to_owned(),
        /// The port of every connection.
        pub port: u16 = 80,
    }
}

/// The plugin.
pub struct Lines;

impl Importer for Lines {
    type Options = Options;

    fn describe() -> About {
        About::of("NAME", env!("CARGO_PKG_VERSION"), "Makes a service of each line of a text")
    }

    fn convert(files: &[File], options: &Options) -> Result<Imported, Vec<Remark>> {
        let (mut services, mut remarks) = (Map::new(), Vec::new());
        for (number, file) in (0..).zip(files) {
            let at = |line| Position { file: number, line, column: 1 };
            let Some(text) = file.as_text() else {
                // What is wrong with the files is an error like this. A panic ends the call as a fault of the plugin.
                return Err(vec![
                    Remark::new(Severity::Error, "not-text", format!("{} is not text", file.name)).at(at(1)),
                ]);
            };
            for (line, words) in (1..).zip(text.lines()) {
                let mut words = words.split_whitespace();
                let Some(name) = words.next() else { continue };
                if services.contains_key(name) {
                    let remark =
                        Remark::new(Severity::Warning, "repeated-service", format!("`{name}` is there already"));
                    remarks.push(remark.at(at(line)).with_help("Put all that it connects to on one line"));
                    continue;
                }
                let connection = json!({ "protocol": "tcp", "port": options.port });
                let connections: Map<_, _> = words.map(|target| (target.to_owned(), connection.clone())).collect();
                let mut service = json!({ "image": { "name": name } });
                if !connections.is_empty() {
                    service["connections"] = connections.into();
                }
                services.insert(name.to_owned(), service);
            }
        }
        if services.is_empty() {
            return Err(vec![Remark::new(Severity::Error, "no-services", "no file has a line with a name")]);
        }
        // A connection leads to a service, so one that has no line of its own gets an entry.
        let targets: Vec<String> = services
            .values()
            .filter_map(|service| service["connections"].as_object())
            .flat_map(|connections| connections.keys().cloned())
            .collect();
        for target in targets {
            services.entry(target.clone()).or_insert_with(|| json!({ "image": { "name": target } }));
        }
        Ok(Imported::of(&json!({ "name": options.name, "services": services })).with_remarks(remarks))
    }
}

importer!(Lines);

#[cfg(test)]
mod tests {
    use spec_engine_plugin::Content;
    use spec_engine_plugin::serde_json::{self, Value};

    use super::*;

    #[test]
    fn a_line_is_a_service() {
        let file = File { name: "a.txt".into(), content: Content::Text("web api\n\nweb\n".into()) };
        let imported = Lines::convert(&[file], &Options::default()).unwrap();
        let document: Value = serde_json::from_str(&imported.document).unwrap();
        assert_eq!(document["services"]["web"]["connections"]["api"], json!({ "protocol": "tcp", "port": 80 }));
        assert_eq!(imported.remarks[0].position, Some(Position { file: 0, line: 3, column: 1 }));
    }
}
