//! Finds the hosts that a text names: in URLs, in connection strings, in pairs of host and port. User names and passwords
//! are stepped over, whatever signs they have.

use std::collections::HashSet;

use crate::protocol;

/// A host that a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The host.
    pub host: String,
    /// The port, as it is given or as the scheme has it.
    pub port: Option<u16>,
    /// The protocol that the scheme says.
    pub protocol: Option<&'static str>,
    /// Whether a URL names it.
    pub is_url: bool,
    /// Whether the port is that of the scheme, and is not written.
    pub is_implied: bool,
}

impl Reference {
    /// Makes a reference that no URL names.
    pub fn plain(host: &str, port: Option<u16>, protocol: Option<&'static str>) -> Self {
        Self { host: host.to_owned(), port, protocol, is_url: false, is_implied: false }
    }

    /// What it says as much as others do: its host at its port, and its host at any.
    fn places(&self) -> [(String, Option<u16>); 2] {
        [(self.host.clone(), self.port), (self.host.clone(), None)]
    }
}

/// Finds the hosts that are of interest: those of URLs, of connection strings, and those before a port.
pub fn references(text: &str, is_known: &dyn Fn(&str) -> bool) -> Vec<Reference> {
    if !may_refer(text) {
        return Vec::new();
    }
    let plain;
    let text = if text.contains("[::") {
        plain = text.replace("[::1]", "localhost").replace("[::]", "0.0.0.0");
        plain.as_str()
    } else {
        text
    };
    let (mut found, rest) = urls(text, is_known);
    found.extend(devices(text, is_known));
    let mut places: HashSet<(String, Option<u16>)> = found.iter().flat_map(Reference::places).collect();
    for reference in pairs(&rest, is_known).into_iter().chain(fields(text, is_known)) {
        if !places.contains(&(reference.host.clone(), reference.port)) {
            places.extend(reference.places());
            found.push(reference);
        }
    }
    found
}

/// Whether a text has a sign that stands in URLs, in connection strings, before ports or in what a shell opens.
pub fn may_refer(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b':' | b'=' | b'/'))
}

/// The first name of a part of a list, as [`names`] reads it; empty where there is none.
pub fn first_name(part: &str) -> &str {
    part.split_whitespace().next().unwrap_or_default().trim_matches(['"', '\''])
}

/// The hosts that a text lists by their names alone: `db`, `kafka-1,kafka-2`. Between spaces all have to be of interest: a
/// sentence is no list.
pub fn names<'t>(text: &'t str, is_known: &dyn Fn(&str) -> bool) -> Vec<&'t str> {
    let mut found = Vec::new();
    for part in text.split([',', ';']).filter(|part| is_known(first_name(part))) {
        let names: Vec<&str> = part.split_whitespace().map(|name| name.trim_matches(['"', '\''])).collect();
        if names.iter().all(|name| !name.is_empty() && is_known(name)) {
            found.extend(names);
        }
    }
    found
}

/// Whether a text can be the name of a service.
pub fn is_host(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

/// The most bytes of a URL that are read, and in which the end of a password is looked for.
const URL_BYTES: usize = 2048;
const PASSWORD_BYTES: usize = 512;

/// Finds the hosts of URLs, and the text without them.
fn urls(text: &str, is_known: &dyn Fn(&str) -> bool) -> (Vec<Reference>, String) {
    let (mut found, mut rest, mut from) = (Vec::new(), String::new(), 0);
    while let Some(at) = text[from..].find("://").map(|at| from + at) {
        let is_scheme = |one: char| one.is_ascii_alphanumeric() || "+.-".contains(one);
        let start = from + text[from..at].trim_end_matches(is_scheme).len();
        let scheme = &text[start..at];
        let body = &text[at + 3..];
        let body = &body[..body.floor_char_boundary(URL_BYTES)];
        let end = body.find(|one: char| one.is_whitespace() || "\"'`<>\\".contains(one)).unwrap_or(body.len());
        // Another URL may follow in the same word: `http://a,http://b`.
        let (protocol, usual) =
            protocol::scheme(scheme).map_or((None, None), |(protocol, port)| (Some(protocol), port));
        // `tcp` only says what carries the protocol.
        let protocol = protocol.filter(|protocol| *protocol != "tcp");
        // Behind the name of a resolver stands who resolves, mostly nobody, and what is resolved is the path.
        let (whole, protocol) = match body[..end].split_once('/') {
            Some((_, path)) if RESOLVERS.contains(&scheme) => (path, Some("grpc")),
            _ => (&body[..end], protocol),
        };
        for (host, port) in authority(whole, is_known) {
            let (port, is_implied) = match port {
                PortText::Number(port) => (Some(port), false),
                // A port that is written and is none says nothing, and the usual one would be wrong.
                PortText::Other => (None, false),
                PortText::No => (usual, usual.is_some()),
            };
            found.push(Reference { host: host.to_owned(), port, protocol, is_url: true, is_implied });
        }
        rest.push_str(&text[from..start]);
        rest.push(' ');
        let next = body[..end].find("://").map_or(end, |next| {
            let before = body[..next].trim_end_matches(is_scheme).len();
            if before == 0 { end } else { before }
        });
        from = at + 3 + next;
    }
    rest.push_str(&text[from..]);
    (found, rest)
}

/// How gRPC resolves names, by the scheme of a target: `dns:///api:9090`.
const RESOLVERS: &[&str] = &["dns", "k8s", "kubernetes", "passthrough", "xds"];

/// A port as it is written behind a host.
#[derive(Clone, Copy)]
enum PortText {
    /// None is.
    No,
    /// A number.
    Number(u16),
    /// Something else: a variable of a shell.
    Other,
}

/// The hosts of a URL from behind its `://`. A password may hold any sign: where no host is of interest up to the first
/// slash, it is looked for behind each `@`.
fn authority<'t>(body: &'t str, is_known: &dyn Fn(&str) -> bool) -> Vec<(&'t str, PortText)> {
    let until_path = |text: &'t str| text.split(['/', '?', '#']).next().unwrap_or_default();
    let first = until_path(body);
    let behind = first.rsplit('@').next().unwrap_or_default();
    let hosts = list(behind, is_known);
    let is_whole = |(_, port): &(&str, PortText)| !matches!(port, PortText::Other);
    let is_plain = !first.contains('@')
        && list(first, &is_host).iter().filter(|host| is_whole(host)).count() == first.split(',').count();
    if !hosts.is_empty() || is_plain {
        return hosts;
    }
    let signs = body.match_indices('@').map(|(at, _)| at).take_while(|&at| at < PASSWORD_BYTES);
    let mut found = Vec::new();
    for at in signs {
        let hosts = list(until_path(&body[at + 1..]), is_known);
        if !hosts.is_empty() {
            found = hosts;
        }
    }
    found
}

/// The hosts of `a:1,b,c:2`.
fn list<'t>(text: &'t str, is_known: &dyn Fn(&str) -> bool) -> Vec<(&'t str, PortText)> {
    let hosts = text.split([',', ';', ')', '}', ']', '|', '&']).map(|item| {
        let (host, port) = item.split_once(':').map_or((item, None), |(host, port)| (host, Some(port)));
        let port = match port {
            None => PortText::No,
            Some(port) => port.parse().ok().filter(|&port| port > 0).map_or(PortText::Other, PortText::Number),
        };
        (host, port)
    });
    hosts.filter(|(host, _)| is_known(host)).collect()
}

/// Finds `host:port`, also in `user@host:port`, `tcp(host:port)` and `host:port/path`.
fn pairs(text: &str, is_known: &dyn Fn(&str) -> bool) -> Vec<Reference> {
    let breaks = |one: char| one.is_whitespace() || ",;'\"()<>[]{}|=&?`\\".contains(one);
    // What a field says that is called like a secret is none: `Password=db:99`.
    let is_secret = |field: &str| {
        field.split_once('=').is_some_and(|(key, _)| {
            let key = key.to_ascii_lowercase();
            ["pass", "pwd", "secret", "token"].iter().any(|word| key.contains(word))
        })
    };
    let fields = text.split([';', ' ', '&', ',']).filter(|field| !is_secret(field));
    let pair = |token: &str| {
        let token = token.rsplit('@').next()?;
        let token = token.strip_prefix("dns:").unwrap_or(token).trim_start_matches("//");
        let (host, rest) = token.split_once(':')?;
        let port = rest.split(['/', ':']).next()?.parse().ok().filter(|&port| port > 0)?;
        is_known(host).then(|| Reference::plain(host, Some(port), None))
    };
    fields.flat_map(|field| field.split(breaks)).filter_map(pair).collect()
}

/// Finds what a shell opens as a file: `/dev/tcp/host/port`.
fn devices(text: &str, is_known: &dyn Fn(&str) -> bool) -> Vec<Reference> {
    let device = |start: &'static str, protocol: Option<&'static str>| {
        text.match_indices(start).filter_map(move |(at, _)| {
            let mut parts = text[at + start.len()..].split('/');
            let (host, port) = (parts.next()?, parts.next()?);
            let digits = port.len() - port.trim_start_matches(|one: char| one.is_ascii_digit()).len();
            let port = port[..digits].parse().ok().filter(|&port: &u16| port > 0)?;
            is_known(host).then(|| Reference::plain(host, Some(port), protocol))
        })
    };
    device("/dev/tcp/", None).chain(device("/dev/udp/", Some("udp"))).collect()
}

/// Keys of connection strings that name hosts, in small letters and without signs between their words.
const HOST_KEYS: &[&str] = &[
    "addr",
    "address",
    "bootstrapservers",
    "brokers",
    "contactpoints",
    "datasource",
    "endpoint",
    "endpoints",
    "host",
    "hostaddr",
    "hostname",
    "hosts",
    "networkaddress",
    "nodes",
    "seeds",
    "server",
    "servername",
    "servers",
];

/// Keys of connection strings that name the ports of their hosts.
const PORT_KEYS: &[&str] = &["port", "portnumber", "ports"];

/// Finds the hosts of connection strings: `Server=db;Database=x` (.NET), `host=a,b port=1,2` (libpq), `(HOST=a)(PORT=1)`.
fn fields(text: &str, is_known: &dyn Fn(&str) -> bool) -> Vec<Reference> {
    if !text.contains('=') {
        return Vec::new();
    }
    // Keys of several words stand between semicolons; elsewhere spaces end a field.
    let is_spaced = text.contains(';') || text.to_ascii_lowercase().contains("data source=");
    let breaks = |one: char| ";()&?{}".contains(one) || (!is_spaced && one.is_whitespace());
    let (mut hosts, mut ports): (Vec<(&str, Option<u16>)>, Vec<u16>) = Default::default();
    for (key, value) in text.split(breaks).filter_map(|field| field.split_once('=')) {
        let key: String = key.chars().filter(char::is_ascii_alphanumeric).collect();
        let key = key.to_ascii_lowercase();
        let items = value.split(',').map(|item| item.trim().trim_matches(['"', '\'']));
        if PORT_KEYS.contains(&key.as_str()) {
            ports.extend(items.filter_map(|item| item.parse::<u16>().ok()).filter(|&port| port > 0));
        } else if HOST_KEYS.contains(&key.as_str()) {
            for item in items {
                // `tcp:db\INSTANCE,1433`: the port of SQL Server stands behind a comma.
                match (item.parse::<u16>().ok().filter(|&port| port > 0), hosts.last_mut()) {
                    (Some(port), Some((_, given @ None))) => *given = Some(port),
                    _ => {
                        let item = item.strip_prefix("tcp:").unwrap_or(item);
                        let item = item.split(['\\', '/']).next().unwrap_or_default();
                        let (host, port) =
                            item.split_once(':').map_or((item, None), |(host, port)| (host, port.parse().ok()));
                        hosts.push((host, port));
                    }
                }
            }
        }
    }
    let place = |(position, (host, port)): (usize, (&str, Option<u16>))| {
        let port = port.or_else(|| ports.get(position).or(ports.last()).copied());
        is_known(host).then(|| Reference::plain(host, port, None))
    };
    hosts.into_iter().enumerate().filter_map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::{names, references};

    const KNOWN: [&str; 14] = [
        "db",
        "db2",
        "api",
        "cache",
        "kafka-1",
        "kafka-2",
        "sqldata",
        "pg",
        "pg2",
        "m1",
        "m2",
        "oracle",
        "0.0.0.0",
        "localhost",
    ];

    fn is_known(host: &str) -> bool {
        KNOWN.contains(&host)
    }

    fn shown(text: &str) -> String {
        let one = |found: &super::Reference| {
            let port = found.port.map_or("-".into(), |port| port.to_string());
            format!("{} {port} {}", found.host, found.protocol.unwrap_or("-"))
        };
        references(text, &is_known).iter().map(one).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn hosts_are_found_in_urls() {
        for (text, expected) in [
            ("postgres://user:s3cret@db/app", "db 5432 sql"),
            ("jdbc:postgresql://db:5433/app?user=x", "db 5433 sql"),
            ("jdbc:sqlserver://sqldata:1433;databaseName=x;user=sa", "sqldata 1433 sql"),
            ("jdbc:mysql:loadbalance://db:3306,db2:3307/app", "db 3306 -; db2 3307 -"),
            ("r2dbc:postgresql://db/x", "db 5432 sql"),
            ("redis+sentinel://cache", "cache 6379 redis"),
            ("db+postgresql://db/x", "db 5432 sql"),
            ("http://api:${PORT}/", "api - http"),
            ("http://api", "api 80 http"),
            ("weird://api:9", "api 9 -"),
            ("tcp://db:5432", "db 5432 -"),
            ("udp://cache:8125", "cache 8125 udp"),
            ("dns:///api:9090", "api 9090 grpc"),
            ("dns://8.8.8.8/api:9090", "api 9090 grpc"),
            ("dns:api:9090", "api 9090 -"),
            ("xds:///api", "api - grpc"),
            ("passthrough:///api:9090,dns:///db:1", "api 9090 grpc; db 1 grpc"),
            ("mongodb://u:p@m1:27017,m2:27018/x?replicaSet=y", "m1 27017 mongodb; m2 27018 mongodb"),
            ("postgres://u@db,db2:5433/x", "db 5432 sql; db2 5433 sql"),
            ("nats://m1:4222,nats://m2:4223", "m1 4222 nats; m2 4223 nats"),
            ("http://api:1/a,http://db:2/b", "api 1 http; db 2 http"),
            ("http://db:80/?next=http://api:90/x", "db 80 http; api 90 http"),
            ("PLAINTEXT://0.0.0.0:9092,CONTROLLER://[::]:9093", "0.0.0.0 9092 -; 0.0.0.0 9093 -"),
            ("{\\\"url\\\":\\\"http://api:80\\\"}", "api 80 http"),
            ("'http://api:80'", "api 80 http"),
            ("http://outside.example/x@db", ""),
            ("http://outside.example:80/@db:1", ""),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn a_password_may_have_any_sign() {
        for password in ["p/a#s?s", "p@ss", "p:1", "p@s/s", "a,b", "a;b", "a&b=c", "{x}", "a=b|c"] {
            assert_eq!(shown(&format!("postgres://app:{password}@db:5433/app")), "db 5433 sql", "{password}");
        }
    }

    #[test]
    fn hosts_are_found_before_ports_and_in_connection_strings() {
        for (text, expected) in [
            ("user:pass@tcp(db:3306)/app", "db 3306 -"),
            ("host=db:5432 sslmode=disable", "db 5432 -"),
            ("kafka-1:9092,kafka-2:9093", "kafka-1 9092 -; kafka-2 9093 -"),
            ("1@kafka-1:9093,2@kafka-2:9093", "kafka-1 9093 -; kafka-2 9093 -"),
            ("db:2181/chroot", "db 2181 -"),
            ("server.1=db:2888:3888;2181", "db 2888 -"),
            ("db:0", ""),
            ("12:30:45", ""),
            ("just words, db among them", ""),
            ("jdbc:oracle:thin:@oracle:1521:XE", "oracle 1521 -"),
            ("jdbc:oracle:thin:@//oracle:1521/XE", "oracle 1521 -"),
            ("(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=oracle)(PORT=1521))(CONNECT_DATA=(SID=x)))", "oracle 1521 -"),
            ("Server=sqldata;Database=Ordering;User Id=sa;Password=x", "sqldata - -"),
            ("Server=tcp:sqldata,1433;Initial Catalog=x", "sqldata 1433 -"),
            ("Data Source=sqldata\\SQLEXPRESS;Password=db:99", "sqldata - -"),
            ("Data Source=sqldata", "sqldata - -"),
            ("Host=pg;Port=5433;Username=u;Password=p", "pg 5433 -"),
            ("Host=pg,pg2;Port=5432", "pg 5432 -; pg2 5432 -"),
            ("host=pg2 port=5432 dbname=x user=u", "pg2 5432 -"),
            ("host=pg,pg2 port=1,2", "pg 1 -; pg2 2 -"),
            ("postgresql:///x?host=pg&port=5434", "pg 5434 -"),
            ("cache:6379,password=x,ssl=False", "cache 6379 -"),
            ("host=cache;username=u", "cache - -"),
            ("--host=db", "db - -"),
            ("exec 3<>/dev/tcp/db/5432", "db 5432 -"),
            ("echo > /dev/udp/cache/8125;", "cache 8125 udp"),
            ("Database=db;User=api", ""),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn names_alone_are_found_in_lists() {
        assert_eq!(names("db", &is_known), ["db"]);
        assert_eq!(names("m1, m2;'db' pg", &is_known), ["m1", "m2", "db", "pg"]);
        assert!(names("mydb database", &is_known).is_empty());
        assert!(names("our db is here", &is_known).is_empty());
    }
}
