//! A service of the project, read as far as the document needs it.

use indexmap::IndexMap;
use spec_engine_evidence::image::Image;
use spec_engine_evidence::known::{self, KnownImage};
use spec_engine_evidence::notes::{Note, Notes, Severity};
use spec_engine_evidence::party::{Party, Port, Transport};
use spec_engine_evidence::tree::{Node, Pair, Place, Value};

use crate::ports::{Entry, MAX_RANGE, entry};

/// A service of the project.
pub struct Part<'a> {
    /// Its name.
    pub name: &'a str,
    /// What the files say of it.
    pub node: &'a Node,
    /// Where its name stands.
    pub place: Place,
    /// Its image.
    pub image: Image,
    /// What is known of its image.
    pub known: Option<&'static KnownImage>,
    /// The ports that `ports` and `expose` list.
    pub ports: Vec<Port>,
    /// Its variables: those of `env_file`, and `environment` over them.
    pub environment: &'a [Pair],
    /// Its labels.
    pub labels: &'a [Pair],
}

impl<'a> Part<'a> {
    /// Reads a service. `project` is the name of the project.
    pub fn read(pair: &'a Pair, project: &str, notes: &mut Notes) -> Self {
        let (name, node) = (pair.key.as_str(), &pair.value);
        let image = image(name, node, pair.place, project, notes);
        let known = known::image(&image.name, image.tag.as_deref());
        let [environment, labels] = ["environment", "labels"].map(|field| node.get(field).map_or(&[][..], Node::pairs));
        Self { name, node, place: pair.place, image, known, ports: ports(name, node, notes), environment, labels }
    }

    /// The text of a variable.
    pub fn variable(&self, name: &str) -> Option<&'a str> {
        text(self.environment, name)
    }

    /// The text of a label, unless it is empty.
    pub fn label(&self, name: &str) -> Option<&'a str> {
        text(self.labels, name).map(str::trim).filter(|text| !text.is_empty())
    }
}

impl Party for Part<'_> {
    fn name(&self) -> &str {
        self.name
    }

    fn place(&self) -> Place {
        self.place
    }

    fn known(&self) -> Option<&'static KnownImage> {
        self.known
    }

    fn ports(&self) -> &[Port] {
        &self.ports
    }
}

/// The text of a key.
fn text<'a>(pairs: &'a [Pair], key: &str) -> Option<&'a str> {
    pairs.iter().find(|pair| pair.key == key)?.value.text()
}

/// The image of a service, or what stands in its place, which the notes then tell.
fn image(name: &str, node: &Node, place: Place, project: &str, notes: &mut Notes) -> Image {
    // Compose calls what it builds after the project and the service.
    let stand_in = || Image::named(format!("{project}-{name}"));
    let given = node.get("image").filter(|image| image.text().is_some());
    let text = given.and_then(Node::text).unwrap_or_default().trim();
    let is_built = node.get("build").is_some();
    let (severity, code, place, message, help, image) = match (given, Image::parse(text)) {
        // A tag of variables that have no value is told where they stand.
        (Some(_), Some(image)) if Image::is_valid(text.trim_end_matches([':', '@'])) => {
            if let Some(build) = node.pair("build").filter(|_| is_built) {
                let message = format!("`{name}` has `build`: the format has no field for how an image is built");
                let note = note(Severity::Info, "lost-build", build.place, message, "nothing has to be done");
                notes.add_of_kind("", note);
            }
            return image;
        }
        (Some(given), Some(image)) => {
            let message =
                format!("the image of `{name}` is not a valid reference; its name is written as `{}`", image.name);
            (Severity::Warning, "bad-image", given.place, message, "write `name:tag`, the name in small letters", image)
        }
        (_, _) if is_built && text.is_empty() => {
            let image = stand_in();
            let place = node.pair("build").map_or(place, |pair| pair.place);
            let message = format!("`{name}` is built, and its image is called `{}`, as compose calls it", image.name);
            let note = note(Severity::Info, "built-image", place, message, "`image` gives it another name");
            notes.add_of_kind("", note);
            return image;
        }
        (Some(given), None) => {
            let (image, is) = (stand_in(), if text.is_empty() { "is empty" } else { "has no name" });
            let message = format!("the image of `{name}` {is}; `{}` stands in its place", image.name);
            (Severity::Warning, "empty-image", given.place, message, "write an image, or set its variables", image)
        }
        (None, _) => {
            let image = stand_in();
            let message = format!("`{name}` has neither `image` nor `build`; `{}` stands for its image", image.name);
            (Severity::Warning, "no-image", place, message, "give it an image", image)
        }
    };
    notes.add(severity, code, place, message, help);
    image
}

fn note(severity: Severity, code: &'static str, place: Place, message: String, help: &str) -> Note {
    Note { severity, code, message, place, help: Some(help.to_owned()), more: 0 }
}

/// The ports that a service lists, each once, and what `EXPOSE` of a Dockerfile in the file says.
fn ports(name: &str, node: &Node, notes: &mut Notes) -> Vec<Port> {
    let mut all: IndexMap<(u16, Transport), Port> = IndexMap::new();
    for field in ["ports", "expose"] {
        for node in node.get(field).map_or(&[][..], Node::texts) {
            let ports = match entry(node) {
                Entry::Ports(ports) => ports,
                Entry::LongRange(first) => {
                    let message = format!(
                        "`{field}` of `{name}` has a range of more than {MAX_RANGE} ports, of which only {} is taken",
                        first.number
                    );
                    notes.add(Severity::Info, "long-range", node.place, message, "nothing has to be done");
                    vec![first]
                }
                Entry::Wrong(why) => {
                    let shown = node.text().map(|text| format!("`{text}` ")).unwrap_or_default();
                    let message = format!("an entry {shown}of `{field}` of `{name}` is left out: {why}");
                    notes.add(
                        Severity::Warning,
                        "bad-port",
                        node.place,
                        message,
                        "write `published:target`, or `target`",
                    );
                    continue;
                }
            };
            for port in ports {
                all.entry((port.number, port.transport)).or_insert(port);
            }
        }
    }
    let inline = node.get("build").and_then(|build| build.get("dockerfile_inline")).and_then(Node::text);
    for line in inline.unwrap_or_default().lines() {
        let mut words = line.split_whitespace();
        if words.next().is_some_and(|word| word.eq_ignore_ascii_case("EXPOSE")) {
            for word in words {
                let node = Node::new(Value::Scalar(word.to_owned()), Place::default());
                if let Entry::Ports(ports) = entry(&node) {
                    all.extend(ports.into_iter().map(|port| ((port.number, port.transport), port)));
                }
            }
        }
    }
    all.into_values().collect()
}
