//! Finds the hosts that a text names: in URLs and in pairs of host and port. User names and passwords are stepped over.

use crate::known;

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
}

/// Finds the hosts that are URLs or stand before a port, in the order of the text.
pub fn references(text: &str) -> Vec<Reference> {
    let breaks = |character: char| character.is_whitespace() || ",;'\"()<>[]{}|=&?`".contains(character);
    text.split(breaks).filter_map(reference).collect()
}

fn reference(token: &str) -> Option<Reference> {
    let Some((before, after)) = token.split_once("://") else {
        let (host, rest) = token.rsplit('@').next()?.split_once(':')?;
        let port = rest.split('/').next()?.parse().ok().filter(|&port| port > 0)?;
        return is_host(host).then(|| Reference { host: host.into(), port: Some(port), protocol: None, is_url: false });
    };
    // `jdbc:postgresql://`: what counts stands last.
    let scheme = before.rsplit(':').next().unwrap_or(before);
    let authority = after.split(['/', '#']).next()?;
    let place = authority.rsplit('@').next()?;
    let (host, port) = match place.split_once(':') {
        Some((host, port)) => (host, port.parse().ok().filter(|&port| port > 0)),
        None => (place, None),
    };
    let (protocol, usual) = known::scheme(scheme).map_or((None, None), |(protocol, port)| (Some(protocol), port));
    // A port that is written and is none says nothing, and the usual one would be wrong.
    let port = if place.contains(':') { port } else { usual };
    is_host(host).then(|| Reference { host: host.into(), port, protocol, is_url: true })
}

/// Says whether a text can be the name of a service.
pub fn is_host(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::references;

    #[test]
    fn hosts_are_found_in_the_shapes_that_programs_read() {
        for (text, expected) in [
            ("postgres://user:s3cret@db/app", "db 5432 sql"),
            ("jdbc:postgresql://db:5433/app?user=x", "db 5433 sql"),
            ("user:pass@tcp(db:3306)/app", "db 3306 -"),
            ("host=db:5432 sslmode=disable", "db 5432 -"),
            ("kafka-1:9092,kafka-2:9093", "kafka-1 9092 -; kafka-2 9093 -"),
            ("redis+sentinel://cache", "cache 6379 redis"),
            ("http://api:${PORT}/", "api - http"),
            ("http://api", "api 80 http"),
            ("weird://api:9", "api 9 -"),
            ("db:0", ""),
            ("12:30:45", ""),
            ("just words", ""),
        ] {
            let shown: Vec<String> = references(text)
                .iter()
                .map(|found| {
                    let port = found.port.map_or("-".into(), |port| port.to_string());
                    format!("{} {port} {}", found.host, found.protocol.unwrap_or("-"))
                })
                .collect();
            assert_eq!(shown.join("; "), expected, "{text}");
        }
    }
}
