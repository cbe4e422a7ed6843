//! What the name of a variable, or of an option on a command line, says of its value.

use crate::words::{
    FUSED, HOST, HOST_AT_END, IN_HOST, NO_CONNECTION, NO_HOST, NO_HOST_AT_END, NO_PAIRS, OWN_PORT, SECONDARY,
    SECRET_AT_END,
};

/// The words of a name, in capital letters: `DB_HOST`, `spring.datasource.url`, `ConnectionStrings__Main`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words(Vec<String>);

impl Words {
    /// Takes a name apart at signs, and where a capital letter follows a small one.
    pub fn of(name: &str) -> Self {
        let mut words = vec![String::new()];
        let mut was_small = false;
        for one in name.chars() {
            let starts = one.is_ascii_uppercase() && was_small;
            if (starts || !one.is_ascii_alphanumeric()) && words.last().is_some_and(|word| !word.is_empty()) {
                words.push(String::new());
            }
            if one.is_ascii_alphanumeric()
                && let Some(word) = words.last_mut()
            {
                word.push(one.to_ascii_uppercase());
            }
            was_small = one.is_ascii_lowercase();
        }
        words.retain(|word| !word.is_empty());
        // `PGHOST`, `DBPORT`: two words.
        if let Some(last) = words.pop() {
            let fused = ["HOSTADDR", "HOST", "PORT"].into_iter().find_map(|end| Some((last.strip_suffix(end)?, end)));
            match fused.filter(|(start, _)| FUSED.contains(start)) {
                Some((start, end)) => words.extend([start.to_owned(), end.to_owned()]),
                None => words.push(last),
            }
        }
        Self(words)
    }

    /// Whether the last word of a name may be `PORT` or `PORTS`, without taking the name apart.
    pub fn may_end_as_port(name: &str) -> bool {
        let name = name.trim_end_matches(|one: char| !one.is_ascii_alphanumeric()).as_bytes();
        let ends = |end: &str| {
            name.len().checked_sub(end.len()).is_some_and(|at| name[at..].eq_ignore_ascii_case(end.as_bytes()))
        };
        ends("PORT") || ends("PORTS")
    }

    fn has(&self, words: &[&str]) -> bool {
        self.0.iter().any(|word| words.contains(&word.as_str()))
    }

    fn ends(&self, words: &[&str]) -> bool {
        self.0.last().is_some_and(|last| words.contains(&last.as_str()))
    }

    fn has_pair(&self, first: &str, second: &str) -> bool {
        self.0.windows(2).any(|pair| pair[0] == first && pair[1] == second)
    }

    /// Whether the value names nobody to connect to, URLs in it or not: `CORS_ALLOWED_ORIGINS`, `NO_PROXY`, `VHOST`.
    pub fn is_no_connection(&self) -> bool {
        self.has(NO_CONNECTION)
            || self.0.iter().any(|word| word.starts_with("CORS"))
            || self.has_pair("NO", "PROXY")
            || self.has_pair("NON", "PROXY")
    }

    /// Whether the value is one host or several, as far as the name tells: `DB_HOST`, `KAFKA_BROKERS`.
    pub fn is_host(&self) -> bool {
        let is_own = self.0 == ["HOSTNAME"];
        self.has(HOST) && !is_own && !self.is_other(NO_HOST) && !self.ends(NO_HOST_AT_END) && !self.is_secret()
    }

    /// The port that the name itself tells: nodes of Elasticsearch find each other at another one than clients.
    pub fn port(&self) -> Option<u16> {
        let is_cluster = self.has_pair("SEED", "HOSTS")
            || (self.has(&["INITIAL"]) && self.has(&["MASTER", "MANAGER"]) && self.ends(&["NODES"]));
        is_cluster.then_some(9300)
    }

    /// The protocol that the name tells, where an image speaks several: `QDRANT_GRPC_HOST`, `JAEGER_AGENT_HOST`.
    pub fn protocol(&self) -> Option<&'static str> {
        const PROTOCOLS: &[(&str, &str)] = &[
            ("AGENT", "udp"),
            ("AMQP", "amqp"),
            ("CONSOLE", "http"),
            ("DASHBOARD", "http"),
            ("GRPC", "grpc"),
            ("HTTP", "http"),
            ("MANAGEMENT", "http"),
            ("MQTT", "mqtt"),
            ("SMTP", "smtp"),
            ("STOMP", "stomp"),
            ("UDP", "udp"),
            ("UI", "http"),
        ];
        PROTOCOLS.iter().find(|(word, _)| self.has(&[word])).map(|&(_, protocol)| protocol)
    }

    /// Whether `name:80` in the value may be a host and its port.
    pub fn may_have_pairs(&self) -> bool {
        !self.is_other(NO_PAIRS) && !self.is_secret() && !self.has_pair("VIRTUAL", "HOST")
    }

    /// Whether one of some words says that the value is something else than a host, which the end of a name may outdo.
    fn is_other(&self, words: &[&str]) -> bool {
        let is_host = self.ends(HOST_AT_END);
        self.0.iter().any(|word| words.contains(&word.as_str()) && !(is_host && IN_HOST.contains(&word.as_str())))
    }

    fn is_secret(&self) -> bool {
        self.0.last().is_some_and(|last| {
            SECRET_AT_END.contains(&last.as_str())
                || ["PASS", "PASSWORD", "PWD", "SECRET", "TOKEN"].iter().any(|end| last.ends_with(end))
        })
    }

    /// Whether these words are those of the port that belongs to a host: `DB_PORT` of `DB_HOST`.
    pub fn is_port_of(&self, host: &Self) -> bool {
        self.port_stem().is_some_and(|stem| host.host_stems().any(|own| own == stem))
    }

    /// Whether these words are those of a port that belongs to a host among others: `JAEGER_UI_PORT` of `JAEGER_HOST`.
    pub fn is_one_port_of(&self, host: &Self) -> bool {
        let is_start = |stem: &[String]| !stem.is_empty() && self.0.starts_with(stem);
        self.port_stem().is_some() && !self.is_secondary() && host.host_stems().any(is_start)
    }

    /// What stands before `PORT`.
    pub fn port_stem(&self) -> Option<&[String]> {
        self.0.split_last().filter(|(last, _)| *last == "PORT").map(|(_, stem)| stem)
    }

    /// What stands before the end of the name of a host, which may have one word or two: `DB_HOST`, `DB_HOST_NAME`.
    pub fn host_stems(&self) -> impl Iterator<Item = &[String]> {
        let starts = (1..=2).filter_map(|count| self.0.split_at_checked(self.0.len().checked_sub(count)?));
        starts.filter(|(_, end)| end.iter().any(|word| HOST.contains(&word.as_str()))).map(|(stem, _)| stem)
    }

    /// Whether this is one of several words alone: `HOST`, `PORT`.
    pub fn is_alone(&self) -> bool {
        self.0.len() == 1
    }

    /// Whether the value is a port at which the program itself listens: `PORT`, `LISTEN_PORT`, or of a service called
    /// `cart` `CART_PORT`.
    pub fn is_own_port(&self, service: &str) -> bool {
        let Some((last, stem)) = self.0.split_last() else { return false };
        let service = Self::of(service);
        let is_own = |word: &String| {
            OWN_PORT.contains(&word.as_str()) || SECONDARY.contains(&word.as_str()) || service.0.contains(word)
        };
        matches!(last.as_str(), "PORT" | "PORTS") && stem.iter().all(is_own)
    }

    /// Whether something beside the main thing is meant: `METRICS_PORT`.
    pub fn is_secondary(&self) -> bool {
        self.has(SECONDARY)
    }

    /// Whether an option says where the program itself listens: `--listen`, `--port`, `--bind`.
    pub fn is_listen_option(&self, service: &str) -> bool {
        const ADDRESS: &[&str] = &["ADDR", "ADDRESS", "API", "GRPC", "HTTP", "HTTPS", "RPC", "SERVE", "SERVER", "WEB"];
        self.is_own_port(service)
            || self.has(&["BIND", "LISTEN"])
            || (!self.0.is_empty() && self.0.iter().all(|word| ADDRESS.contains(&word.as_str())))
    }
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn words_of_a_name_are_told_apart() {
        for (name, expected) in [
            ("DB_HOST", "DB HOST"),
            ("EventBusConnection", "EVENT BUS CONNECTION"),
            ("ConnectionStrings__Pg", "CONNECTION STRINGS PG"),
            ("spring.datasource.url", "SPRING DATASOURCE URL"),
            ("PGHOST", "PG HOST"),
            ("RABBITMQ_DEFAULT_VHOST", "RABBITMQ DEFAULT VHOST"),
            ("--db-host", "DB HOST"),
        ] {
            assert_eq!(Words::of(name).0.join(" "), expected);
        }
    }

    #[test]
    fn hosts_are_known_by_whole_words() {
        for name in [
            "DB_HOST",
            "HOST",
            "PGHOST",
            "POSTGRES_HOSTNAME",
            "KAFKA_BROKERS",
            "CASSANDRA_SEEDS",
            "ES_NODES",
            "SMTP_SERVER",
            "AUTH_SERVICE_ADDR",
            "EventBusConnection",
            "TOKEN_SERVICE_HOST",
            "DATABASE_HOST_PRIMARY",
            "dbHost",
            "CASSANDRA_CONTACT_POINTS",
            "HTTP_PROXY",
            "AUTHOR_URL",
            "IMAGE_PROVIDER_HOST",
            "USER_SERVICE_ADDR",
        ] {
            assert!(Words::of(name).is_host() && !Words::of(name).is_no_connection(), "{name}");
        }
        for name in [
            "RABBITMQ_VHOST",
            "RABBITMQ_DEFAULT_VHOST",
            "MAIL_FROM_ADDRESS",
            "HOSTNAME",
            "POSTGRES_DB",
            "DB_NAME",
            "SERVER_NAME",
            "VIRTUAL_HOST",
            "LETSENCRYPT_HOST",
            "GHOST",
            "LOCALHOSTED",
            "CLUSTER_NAME",
            "HOST_PASSWORD",
            "TARGET_DATABASE",
            "CERT_HOSTS",
            "SERVER_ALIAS",
            "SERVER_USER",
            "BIND_ADDRESS",
            "REGISTRY_IMAGE",
            "NODE_ENV_TAG",
            "NODE_ENV",
            "SERVER_ROLE",
        ] {
            assert!(!Words::of(name).is_host(), "{name}");
        }
        for name in [
            "CORS_ORIGIN",
            "CORS_ALLOWED_ORIGINS",
            "NO_PROXY",
            "no_proxy",
            "ALLOWED_HOSTS",
            "CSRF_TRUSTED_ORIGINS",
            "http.nonProxyHosts",
            "NEXTCLOUD_TRUSTED_DOMAINS",
            "OIDC_REDIRECT_URI",
            "RABBITMQ_VHOST",
            "CORSORIGINS",
            "TRUST_PROXY",
            "JWT_AUDIENCE",
        ] {
            assert!(Words::of(name).is_no_connection(), "{name}");
        }
    }

    #[test]
    fn ports_belong_to_hosts_or_to_the_program() {
        for (port, host, expected) in [
            ("DB_PORT", "DB_HOST", true),
            ("PGPORT", "PGHOST", true),
            ("DB_PORT", "DB_HOST_NAME", true),
            ("DB_PORT", "CACHE_HOST", false),
            ("PORT", "HOST", true),
            ("SEARCH_PORT", "SEARCH_SERVER_ADDR", true),
        ] {
            assert_eq!(Words::of(port).is_port_of(&Words::of(host)), expected, "{port} {host}");
        }
        for (name, service, expected) in [
            ("PORT", "web", true),
            ("LISTEN_PORT", "web", true),
            ("RPC_HTTP_PORT", "web", true),
            ("CART_PORT", "cart", true),
            ("CART_PORT", "web", false),
            ("METRICS_PORT", "web", true),
            ("SUPPORT", "web", false),
        ] {
            assert_eq!(Words::of(name).is_own_port(service), expected, "{name} of {service}");
        }
        for (port, host, expected) in [
            ("JAEGER_UI_PORT", "JAEGER_HOST", true),
            ("JAEGER_UI_PORT", "HOST", false),
            ("JAEGER_METRICS_PORT", "JAEGER_HOST", false),
            ("CACHE_UI_PORT", "JAEGER_HOST", false),
            ("JAEGER_UI", "JAEGER_HOST", false),
        ] {
            assert_eq!(Words::of(port).is_one_port_of(&Words::of(host)), expected, "{port} {host}");
        }
        assert!(Words::of("METRICS_PORT").is_secondary() && !Words::of("HTTP_PORT").is_secondary());
        for (name, expected) in
            [("PORT", true), ("dbPort", true), ("PGPORT", true), ("X_PORTS_", true), ("PORT_NAME", false), ("é", false)]
        {
            assert_eq!(Words::may_end_as_port(name), expected, "{name}");
        }
    }

    #[test]
    fn secrets_have_no_hosts_with_ports() {
        for (name, expected) in [
            ("BASIC_AUTH", false),
            ("PGPASSWORD", false),
            ("REDIS_IMAGE", false),
            ("MAIL_FROM", false),
            ("RUN_AS_USER", false),
            ("AUTH_SERVICE_ADDR", true),
            ("USER_SERVICE_ADDR", true),
            ("IMAGE_PROVIDER_HOST", true),
            ("USER_IMAGE", false),
            ("KAFKA", true),
        ] {
            assert_eq!(Words::of(name).may_have_pairs(), expected, "{name}");
        }
    }
}
