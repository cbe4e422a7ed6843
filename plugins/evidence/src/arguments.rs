//! Finds in commands and health checks whom they talk to, and at which ports the program itself listens.

use crate::reference::{Reference, names, references};
use crate::tree::Node;
use crate::variable::Words;

/// A port at which a program listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListeningPort {
    /// The port.
    pub port: u16,
    /// The protocol that a URL says.
    pub protocol: Option<&'static str>,
    /// Whether it is one beside the main one: that of metrics, of an administrator.
    pub is_secondary: bool,
}

/// What a command says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Command {
    /// The hosts that it names.
    pub references: Vec<Reference>,
    /// Where the program listens.
    pub listening: Vec<ListeningPort>,
}

impl Command {
    fn listen(&mut self, own: ListeningPort) {
        if self.listening.iter().all(|there| there.port != own.port) {
            self.listening.push(own);
        }
    }
}

/// How a command is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It starts the program.
    Start,
    /// It asks the program whether it is well: `localhost` is the program.
    HealthCheck,
}

/// The most words of a command that are read.
const MAX_WORDS: usize = 2_000;

/// The words of a command, which is a text or a list; those of shells inside of it are taken apart, too.
pub fn words(command: &Node) -> Vec<String> {
    let breaks = |one: char| one.is_whitespace() || ";|&()<>".contains(one);
    let texts = command.texts().iter().filter_map(Node::text);
    let words = texts.flat_map(|text| text.split(breaks)).map(|word| word.trim_matches(['"', '\'', '`']));
    words.filter(|word| !word.is_empty()).take(MAX_WORDS).map(str::to_owned).collect()
}

/// Reads the words of a command. `is_other` knows the services it may talk to, `is_self` the names of its own.
pub fn command(
    words: &[String],
    service: &str,
    kind: Kind,
    is_other: &dyn Fn(&str) -> bool,
    is_self: &dyn Fn(&str) -> bool,
) -> Command {
    let is_listening = |host: &str| {
        let is_any = matches!(host, "" | "0.0.0.0" | "*" | "+" | "::");
        is_any || is_self(host) || (kind == Kind::HealthCheck && matches!(host, "localhost" | "127.0.0.1"))
    };
    let reader = Reader { words, service, kind, is_other, is_listening: &is_listening };
    let mut read = Command::default();
    for position in 0..words.len() {
        reader.word(position, &mut read);
    }
    read
}

struct Reader<'a> {
    words: &'a [String],
    service: &'a str,
    kind: Kind,
    is_other: &'a dyn Fn(&str) -> bool,
    is_listening: &'a dyn Fn(&str) -> bool,
}

impl Reader<'_> {
    fn word(&self, at: usize, read: &mut Command) {
        let word = self.words[at].as_str();
        let option = self.option_before(at);
        if option.as_ref().is_some_and(Words::is_no_connection) {
            return;
        }
        let is_secondary = option.as_ref().is_some_and(Words::is_secondary);
        let is_known = |host: &str| (self.is_other)(host) || (self.is_listening)(host);
        let is_image = option.as_ref().is_some_and(|words| !words.may_have_pairs());
        for found in references(word, &is_known).into_iter().filter(|found| found.is_url || !is_image) {
            match found.port {
                Some(port) if (self.is_listening)(&found.host) => {
                    read.listen(ListeningPort { port, protocol: found.protocol, is_secondary });
                }
                // The value of an option is read below.
                port if (self.is_other)(&found.host) && (port.is_some() || !word.starts_with('-')) => {
                    read.references.push(found);
                }
                _ => {}
            }
        }
        if let Some(port) = word.strip_prefix("port=").and_then(number) {
            // `postgres -c port=5433`
            read.listen(ListeningPort { port, protocol: None, is_secondary });
        }
        if let Some((name, value)) = self.option(at) {
            self.value(name, value, read);
        } else if at > 0 && is_known(word) {
            // `nc -z db 5432`
            let port = self.words.get(at + 1).and_then(|next| number(next));
            match port {
                Some(port) if (self.is_other)(word) => {
                    read.references.push(Reference::plain(word, Some(port), None));
                }
                Some(port) => read.listen(ListeningPort { port, protocol: None, is_secondary: false }),
                None => {}
            }
        }
    }

    /// An option and its value: `--host=db`, `--host db`, `-h db`.
    fn option(&self, at: usize) -> Option<(&str, &str)> {
        let word = self.words[at].as_str();
        if !word.starts_with('-') {
            return None;
        }
        let apart = || Some((word, self.words.get(at + 1)?.as_str())).filter(|(_, value)| !value.starts_with('-'));
        word.split_once('=').or_else(apart)
    }

    /// The words of the option that a word is, or whose value it is.
    fn option_before(&self, at: usize) -> Option<Words> {
        let own = self.words[at].as_str();
        let name = if own.starts_with('-') {
            own.split('=').next()
        } else {
            at.checked_sub(1).map(|at| self.words[at].as_str())
        };
        name.filter(|name| name.starts_with('-')).map(Words::of)
    }

    fn value(&self, name: &str, value: &str, read: &mut Command) {
        let words = Words::of(name);
        let is_short = |letters: &str| {
            let mut own = name.trim_start_matches('-').chars();
            own.next().is_some_and(|one| letters.contains(one)) && own.next().is_none() && !name.starts_with("--")
        };
        if (is_short("hH") || words.is_host()) && !words.is_no_connection() {
            let port = self.port_of(&words);
            for host in names(value, self.is_other) {
                read.references.push(Reference::plain(host, port, None));
            }
        }
        let is_alone = !self.words.iter().any(|word| matches!(word.as_str(), "-h" | "--host")) || self.asks_itself();
        let listens = words.is_listen_option(self.service) || (is_short("pPbl") && is_alone);
        if let Some(port) = number(value.trim_start_matches(':')).filter(|_| listens && !value.starts_with("::")) {
            read.listen(ListeningPort { port, protocol: None, is_secondary: words.is_secondary() });
        }
    }

    /// Whether the host that is asked is the program itself.
    fn asks_itself(&self) -> bool {
        self.kind == Kind::HealthCheck
            && !self
                .words
                .windows(2)
                .any(|pair| matches!(pair[0].as_str(), "-h" | "--host") && (self.is_other)(&pair[1]))
    }

    /// The port that belongs to the host of an option: `--db-port` of `--db-host`, `-p` of `-h`.
    fn port_of(&self, host: &Words) -> Option<u16> {
        (0..self.words.len()).find_map(|at| {
            let (name, value) = self.option(at)?;
            let is_port = matches!(name, "-p" | "-P" | "--port") || Words::of(name).is_port_of(host);
            number(value).filter(|_| is_port)
        })
    }
}

fn number(text: &str) -> Option<u16> {
    text.parse().ok().filter(|&port| port > 0)
}

#[cfg(test)]
mod tests {
    use super::{Command, Kind, command, words};
    use crate::yaml::read;

    fn shown(text: &str, kind: Kind) -> String {
        let node = read(text, 0).expect(text).remove(0).pairs()[0].value.clone();
        let is_other = |host: &str| matches!(host, "db" | "api" | "cache");
        let Command { references, listening } = command(&words(&node), "web", kind, &is_other, &|host| host == "web");
        let port = |port: Option<u16>| port.map_or("-".into(), |port| port.to_string());
        let others = references.iter().map(|found| format!("{} {}", found.host, port(found.port)));
        let own = listening.iter().map(|own| {
            let protocol = own.protocol.map(|protocol| format!(" {protocol}")).unwrap_or_default();
            format!("own {}{protocol}{}", own.port, if own.is_secondary { " beside" } else { "" })
        });
        others.chain(own).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn commands_name_hosts_and_ports() {
        for (text, expected) in [
            ("['--upstream', 'http://api:9000']", "api 9000"),
            ("sh -c 'while ! nc -z db 5432; do sleep 1; done; exec app'", "db 5432"),
            ("[sh, -c, 'until (echo > /dev/tcp/db/5432) 2>/dev/null; do sleep 1; done']", "db 5432"),
            ("psql -h db -p 5433 -U app", "db 5433"),
            ("app --db-host db --db-port=5434 --cache-host=cache", "db 5434; cache -"),
            ("wait-for-it.sh db:5432 -- app", "db 5432"),
            ("serve --listen 0.0.0.0:7000", "own 7000"),
            ("serve --listen=:7001 --metrics-addr=:9100", "own 7001; own 9100 beside"),
            ("uvicorn app:app --host 0.0.0.0 --port 8000", "own 8000"),
            ("[gunicorn, -b, '0.0.0.0:8000', app]", "own 8000"),
            ("postgres -p 5433", "own 5433"),
            ("postgres -c port=5434", "own 5434"),
            ("redis-server --replicaof cache 6380", "cache 6380"),
            ("app --redis-port 6380 --db-name db", ""),
            ("app --image db:5432 --cors-origin api", ""),
            ("api 8080", ""),
            ("docker run -d db", ""),
        ] {
            assert_eq!(shown(&format!("{{c: {}}}", quoted(text)), Kind::Start), expected, "{text}");
        }
    }

    fn quoted(text: &str) -> String {
        if text.starts_with('[') { text.to_owned() } else { format!("\"{text}\"") }
    }

    #[test]
    fn health_checks_tell_where_the_program_listens() {
        for (text, expected) in [
            ("[CMD, wget, --spider, 'http://web:5000/status']", "own 5000 http"),
            ("curl -fk https://0.0.0.0:7700/health", "own 7700 https"),
            ("[CMD-SHELL, 'nc -z localhost 4150']", "own 4150"),
            ("curl -f http://localhost || exit 1", "own 80 http"),
            ("redis-cli -p 6380 ping", "own 6380"),
            ("mysqladmin ping -h localhost -P 3307", "own 3307"),
            ("[CMD, grpc_health_probe, '-addr=:50051']", "own 50051"),
            ("pg_isready -h db -p 5432", "db 5432"),
            ("curl localhost:9000/health", "own 9000"),
        ] {
            assert_eq!(shown(&format!("{{c: {}}}", quoted(text)), Kind::HealthCheck), expected, "{text}");
        }
    }
}
