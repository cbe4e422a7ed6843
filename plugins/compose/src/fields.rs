//! The fields of compose files: which there are, what each has to be, and which the format has no field for.

use spec_engine_evidence::notes::{Note, Notes, Severity};
use spec_engine_evidence::tree::{Node, Pair, Place, Value};

/// What a value may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expects {
    Text,
    List,
    Map,
    TextOrList,
    TextOrMap,
    ListOrMap,
    Anything,
}

/// What becomes of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FieldUse {
    /// It gets into the document, or decides what does.
    Used,
    /// It is left out: the code of the note, and what it says.
    Lost(&'static str, &'static str),
}

use Expects::{Anything, List, ListOrMap, Map, Text, TextOrList, TextOrMap};
use FieldUse::{Lost, Used};

const SETTING: FieldUse = Lost("lost-setting", "settings of containers");

/// The fields of a service.
const SERVICE: &[(&str, Expects, FieldUse)] = &[
    ("image", Text, Used),
    ("build", TextOrMap, Used),
    ("ports", List, Used),
    ("expose", List, Used),
    ("environment", ListOrMap, Used),
    ("env_file", TextOrList, Used),
    ("label_file", TextOrList, Lost("lost-labels", "labels")),
    ("labels", ListOrMap, Used),
    ("depends_on", ListOrMap, Used),
    ("links", List, Used),
    ("networks", ListOrMap, Used),
    ("network_mode", Text, Used),
    ("net", Text, Used),
    ("volumes_from", List, Used),
    ("pid", Text, Used),
    ("ipc", Text, Used),
    ("uts", Text, Used),
    ("cgroup", Text, Used),
    ("profiles", List, Used),
    ("extends", TextOrMap, Used),
    ("container_name", Text, Used),
    ("hostname", Text, Used),
    ("provider", Map, Used),
    ("command", TextOrList, Lost("lost-command", "commands")),
    ("entrypoint", TextOrList, Lost("lost-command", "commands")),
    ("healthcheck", Map, Lost("lost-healthcheck", "health checks")),
    ("volumes", List, Lost("lost-volumes", "volumes")),
    ("secrets", List, Lost("lost-secrets", "secrets")),
    ("configs", List, Lost("lost-configs", "configuration files")),
    ("deploy", Map, Lost("lost-deploy", "replicas and placement")),
    ("scale", Text, Lost("lost-deploy", "replicas and placement")),
    ("external_links", List, Lost("lost-external-links", "containers of other projects")),
    ("extra_hosts", ListOrMap, Lost("lost-extra-hosts", "hosts outside of the project")),
    ("gpus", TextOrList, Lost("lost-gpus", "GPUs")),
    ("devices", List, Lost("lost-devices", "devices")),
    ("models", ListOrMap, Lost("lost-models", "AI models")),
    ("develop", Map, Lost("lost-develop", "settings of development")),
    ("use_api_socket", Text, Lost("lost-api-socket", "access to the container engine")),
    ("annotations", ListOrMap, SETTING),
    ("attach", Text, SETTING),
    ("blkio_config", Map, SETTING),
    ("cap_add", List, SETTING),
    ("cap_drop", List, SETTING),
    ("cgroup_parent", Text, SETTING),
    ("cpu_count", Text, SETTING),
    ("cpu_percent", Text, SETTING),
    ("cpu_period", Text, SETTING),
    ("cpu_quota", Text, SETTING),
    ("cpu_rt_period", Text, SETTING),
    ("cpu_rt_runtime", Text, SETTING),
    ("cpu_shares", Text, SETTING),
    ("cpus", Text, SETTING),
    ("cpuset", Text, SETTING),
    ("credential_spec", Map, SETTING),
    ("device_cgroup_rules", List, SETTING),
    ("dns", TextOrList, SETTING),
    ("dns_opt", List, SETTING),
    ("dns_search", TextOrList, SETTING),
    ("domainname", Text, SETTING),
    ("group_add", List, SETTING),
    ("init", Text, SETTING),
    ("isolation", Text, SETTING),
    ("logging", Map, SETTING),
    ("log_driver", Text, SETTING),
    ("log_opt", Map, SETTING),
    ("mac_address", Text, SETTING),
    ("mem_limit", Text, SETTING),
    ("mem_reservation", Text, SETTING),
    ("mem_swappiness", Text, SETTING),
    ("memswap_limit", Text, SETTING),
    ("oom_kill_disable", Text, SETTING),
    ("oom_score_adj", Text, SETTING),
    ("pids_limit", Text, SETTING),
    ("platform", Text, SETTING),
    ("post_start", List, SETTING),
    ("pre_start", List, SETTING),
    ("pre_stop", List, SETTING),
    ("privileged", Text, SETTING),
    ("pull_policy", Text, SETTING),
    ("pull_refresh_after", Text, SETTING),
    ("read_only", Text, SETTING),
    ("restart", Text, SETTING),
    ("runtime", Text, SETTING),
    ("security_opt", List, SETTING),
    ("shm_size", Text, SETTING),
    ("stdin_open", Text, SETTING),
    ("stop_grace_period", Text, SETTING),
    ("stop_signal", Text, SETTING),
    ("storage_opt", Map, SETTING),
    ("sysctls", ListOrMap, SETTING),
    ("tmpfs", TextOrList, SETTING),
    ("tty", Text, SETTING),
    ("ulimits", Map, SETTING),
    ("user", Text, SETTING),
    ("userns_mode", Text, SETTING),
    ("volume_driver", Text, SETTING),
    ("working_dir", Text, SETTING),
];

/// The fields of a file.
const ROOT: &[(&str, Expects, FieldUse)] = &[
    ("version", Text, Used),
    ("name", Text, Used),
    ("include", Anything, Used),
    ("services", Anything, Used),
    ("networks", Map, Used),
    ("volumes", Map, Lost("lost-volumes", "volumes")),
    ("secrets", Map, Lost("lost-secrets", "secrets")),
    ("configs", Map, Lost("lost-configs", "configuration files")),
    ("models", Map, Lost("lost-models", "AI models")),
];

/// What the fields of a file belong to, in messages.
const FILE: &str = "the file";

/// Tells of what a service has that is of the wrong type, that compose does not know, or that is left out.
pub fn check_service(name: &str, service: &Node, notes: &mut Notes) {
    for pair in service.pairs() {
        check(&format!("`{name}`"), SERVICE, pair, notes);
    }
    check_conditions(name, service, notes);
    // The list of `- NAME: value` is a slip that YAML does not tell.
    for (field, meant) in [("environment", "NAME=value"), ("depends_on", "NAME"), ("ports", ""), ("networks", "NAME")] {
        let items = service.get(field).map_or(&[][..], Node::items).iter();
        for item in items.filter(|item| item.text().is_none() && !meant.is_empty()) {
            let message = format!("an entry of `{field}` of `{name}` is {}, and has to be a text", item.noun());
            let help = format!("write `- {meant}`, or a map without `-`; compose refuses this file");
            notes.add(Severity::Warning, "wrong-type", item.place, message, help);
        }
    }
}

/// Tells of conditions of `depends_on` that compose does not know.
fn check_conditions(name: &str, service: &Node, notes: &mut Notes) {
    const CONDITIONS: [&str; 3] = ["service_started", "service_healthy", "service_completed_successfully"];
    for pair in service.get("depends_on").map_or(&[][..], Node::pairs) {
        let condition = pair.value.get("condition");
        let is_known = condition.is_none_or(|node| node.text().is_some_and(|text| CONDITIONS.contains(&text)));
        if let (Value::Scalar(_) | Value::List(_), place) = (&pair.value.value, pair.value.place) {
            let message =
                format!("`{}` in `depends_on` of `{name}` is {}, and has to be a map", pair.key, pair.value.noun());
            let help = "write `condition: service_started` below it; compose refuses this file";
            notes.add(Severity::Warning, "wrong-type", place, message, help);
        } else if !is_known {
            let place = condition.map_or(pair.place, |node| node.place);
            let message =
                format!("the condition under which `{name}` waits for `{}` is not one of compose's", pair.key);
            notes.add(
                Severity::Warning,
                "unknown-condition",
                place,
                message,
                format!("write one of {}", CONDITIONS.join(", ")),
            );
        }
    }
}

/// Tells of the same of a whole file.
pub fn check_root(project: &Node, notes: &mut Notes) {
    for pair in project.pairs() {
        check(FILE, ROOT, pair, notes);
    }
}

fn check(owner: &str, fields: &[(&str, Expects, FieldUse)], pair: &Pair, notes: &mut Notes) {
    let key = pair.key.as_str();
    if key.starts_with("x-") {
        return;
    }
    let Some((_, expects, fate)) = fields.iter().find(|(field, _, _)| *field == key) else {
        let near = nearest(key, fields.iter().map(|(field, _, _)| *field));
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "take it out, or begin its name with `x-`".to_owned(),
        };
        let message = format!("{owner} has `{key}`, which compose does not know; it is left out");
        notes.add_of_kind(key, note(Severity::Warning, "unknown-field", pair.place, message, help));
        return;
    };
    if !expects.takes(&pair.value) {
        let found = match &pair.value.value {
            Value::Scalar(_) => "a single value",
            _ => pair.value.noun(),
        };
        let message = format!("`{key}` of {owner}: expected {}, found {found}", expects.noun());
        let help = match (&pair.value.value, expects) {
            (Value::Scalar(_), List | ListOrMap) => "it is read as a list of one; compose refuses this file",
            _ => "correct its type: compose refuses this file",
        };
        notes.add(Severity::Warning, "wrong-type", pair.value.place, message, help);
    }
    let is_empty = matches!(&pair.value.value, Value::Null)
        || matches!(&pair.value.value, Value::List(items) if items.is_empty())
        || matches!(&pair.value.value, Value::Map(pairs) if pairs.is_empty());
    if let Lost(code, what) = fate
        && !is_empty
    {
        let message = format!("{owner} has `{key}`: the format has no field for {what}, so it is left out");
        // What a file declares is told beside what its services use of it.
        let kind = if owner == FILE { format!("{owner} {key}") } else { key.to_owned() };
        notes.add_of_kind(&kind, note(Severity::Info, code, pair.place, message, "nothing has to be done".to_owned()));
    }
}

fn note(severity: Severity, code: &'static str, place: Place, message: String, help: String) -> Note {
    Note { severity, code, message, place, help: Some(help), more: 0 }
}

impl Expects {
    fn takes(self, node: &Node) -> bool {
        match (&node.value, self) {
            (Value::Null, _) | (_, Anything) => true,
            (Value::Scalar(_), kind) => matches!(kind, Text | TextOrList | TextOrMap),
            (Value::List(_), kind) => matches!(kind, List | TextOrList | ListOrMap),
            (Value::Map(_), kind) => matches!(kind, Map | TextOrMap | ListOrMap),
        }
    }

    fn noun(self) -> &'static str {
        match self {
            Text => "a single value",
            List => "a list",
            Map => "a map",
            TextOrList => "a text or a list",
            TextOrMap => "a text or a map",
            ListOrMap => "a list or a map",
            Anything => "anything",
        }
    }
}

/// The name that differs least from one that was written, unless it differs in more than a third.
pub fn nearest<'n>(written: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let most = (written.chars().count() / 3).clamp(1, 3);
    let near = names.filter(|name| name.len().abs_diff(written.len()) <= most).take(MAX_NAMES);
    near.map(|name| (distance(written, name), name))
        .filter(|(far, _)| *far <= most)
        .min_by_key(|(far, _)| *far)
        .map(|(_, name)| name)
}

/// The most names that are compared, and the most characters of each.
const MAX_NAMES: usize = 1_000;
const MAX_NAME: usize = 100;

/// How many characters have to be changed, put in, taken out or swapped with the next one.
fn distance(one: &str, other: &str) -> usize {
    let [one, other] = [one, other].map(|text| text.chars().take(MAX_NAME).collect::<Vec<char>>());
    let mut rows = vec![vec![0; other.len() + 1]; one.len() + 1];
    for i in 0..=one.len() {
        for j in 0..=other.len() {
            rows[i][j] = match (i, j) {
                (0, far) | (far, 0) => far,
                _ => {
                    let changed = rows[i - 1][j - 1] + usize::from(one[i - 1] != other[j - 1]);
                    let least = changed.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                    let is_swap = i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1];
                    if is_swap { least.min(rows[i - 2][j - 2] + 1) } else { least }
                }
            };
        }
    }
    rows[one.len()][other.len()]
}

#[cfg(test)]
mod tests {
    use super::{ROOT, SERVICE, check_service, nearest};
    use spec_engine_evidence::notes::Notes;
    use spec_engine_evidence::yaml::read;

    #[test]
    fn every_fault_of_a_field_is_told() {
        for (service, expected) in [
            ("{ports: 80}", "`ports` of `web`: expected a list, found a single value"),
            ("{depends_on: db}", "`depends_on` of `web`: expected a list or a map, found a single value"),
            ("{environment: FOO}", "`environment` of `web`: expected a list or a map, found a single value"),
            ("{networks: x}", "`networks` of `web`: expected a list or a map, found a single value"),
            ("{image: [nginx]}", "`image` of `web`: expected a single value, found a list"),
            ("{environment: [{A: 1}]}", "an entry of `environment` of `web` is a map, and has to be a text"),
            ("{prots: [80]}", "`web` has `prots`, which compose does not know; it is left out"),
            ("{gpus: all}", "`web` has `gpus`: the format has no field for GPUs, so it is left out"),
            (
                "{restart: always}",
                "`web` has `restart`: the format has no field for settings of containers, so it is left out",
            ),
        ] {
            let mut notes = Notes::default();
            check_service("web", &read(service, 0).expect(service)[0], &mut notes);
            let notes = notes.into_all();
            assert_eq!(notes.iter().map(|note| note.message.as_str()).collect::<Vec<_>>(), [expected]);
        }
        let mut notes = Notes::default();
        check_service(
            "web",
            &read("{x-mine: 1, image: a, ports: , volumes: [], links: [a]}", 0).unwrap()[0],
            &mut notes,
        );
        assert!(notes.into_all().is_empty());
    }

    #[test]
    fn the_nearest_name_is_found() {
        let names = || SERVICE.iter().map(|(name, _, _)| *name);
        for (written, expected) in [
            ("prots", Some("ports")),
            ("enviroment", Some("environment")),
            ("dependson", Some("depends_on")),
            ("zzz", None),
        ] {
            assert_eq!(nearest(written, names()), expected, "{written}");
        }
        assert_eq!(nearest("servces", ROOT.iter().map(|(name, _, _)| *name)), Some("services"));
    }
}
