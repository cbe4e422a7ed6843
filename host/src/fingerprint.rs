//! Names for findings that last: a finding keeps its fingerprint when its line moves, when the document is laid out
//! anew and when its message is reworded.

use std::collections::HashMap;

use sha2::{Digest as _, Sha256};

use crate::diagnostic::{Diagnostic, Place};

/// Computes the fingerprint of each finding of one document, 32 hexadecimal digits: of its rule and its place, or of its
/// rule and message where no pointer names the place. Among equal ones the second, third and so on differ by their
/// ordinal; two documents may have equal fingerprints.
pub fn fingerprints(findings: &[Diagnostic]) -> Vec<String> {
    let mut seen: HashMap<[&str; 3], usize> = HashMap::new();
    let name = |finding| {
        let parts = parts(finding);
        let ordinal = seen.entry(parts).or_default();
        *ordinal += 1;
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(part);
            hash.update([0]);
        }
        if *ordinal > 1 {
            hash.update(ordinal.to_string());
        }
        digits(hash)
    };
    findings.iter().map(name).collect()
}

/// The first 32 hexadecimal digits of a hash.
pub fn digits(hash: Sha256) -> String {
    base16ct::lower::encode_string(&hash.finalize()[..16])
}

fn parts(finding: &Diagnostic) -> [&str; 3] {
    let rule = finding.rule.as_str();
    match &finding.place {
        Place::Value(pointer) => [rule, "value", pointer.as_str()],
        Place::Key(pointer) => [rule, "key", pointer.as_str()],
        Place::Bytes(_) => [rule, "message", &finding.message],
        Place::File => [rule, "value", ""],
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::fingerprints;
    use crate::diagnostic::{Diagnostic, Place, Pointer, Severity};
    use crate::load::load;
    use crate::policy::{Policy, Scope};
    use crate::source::Source;

    const DOCUMENT: &str = r#"{"name": "s", "services": {
        "a": {"image": {}, "owner": "x", "owner": "y"},
        "b": {"image": {"name": "b"}, "connections": {"c": {}}}
    }}"#;

    fn of(text: &str) -> HashSet<String> {
        let source = Source::new("x", text.into());
        let loaded = load(&source);
        let findings = Policy::built_in().check(loaded.system.as_ref(), loaded.findings, Scope::All).findings;
        assert!(findings.len() > 3, "{findings:?}");
        let fingerprints = fingerprints(&findings);
        let set: HashSet<String> = fingerprints.iter().cloned().collect();
        assert_eq!(set.len(), fingerprints.len(), "no two are equal");
        assert!(set.iter().all(|text| text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())));
        set
    }

    #[test]
    fn they_survive_moved_lines_and_another_layout() {
        assert_eq!(of(DOCUMENT), of(&format!("\n\n\n{DOCUMENT}")));
        assert_eq!(of(DOCUMENT), of(&DOCUMENT.replace('\n', "").replace(": ", ":")));
        assert_eq!(of(DOCUMENT), of(&DOCUMENT.replace('{', "{\n")));
        assert_ne!(of(DOCUMENT), of(&DOCUMENT.replace("\"b\"", "\"d\"")));
    }

    #[test]
    fn they_survive_another_message() {
        let at = |message| Diagnostic::new("r", Severity::Error, Place::Key(Pointer::of(["a"])), message);
        assert_eq!(fingerprints(&[at("one")]), fingerprints(&[at("two")]));
    }

    #[test]
    fn equal_findings_differ_by_their_ordinal() {
        let value = Diagnostic::new("r", Severity::Error, Place::Value(Pointer::of(["a"])), "m");
        let key = Diagnostic { place: Place::Key(Pointer::of(["a"])), ..value.clone() };
        let bytes = Diagnostic { place: Place::Bytes(0..1), ..value.clone() };
        let moved = Diagnostic { place: Place::Bytes(7..8), ..value.clone() };
        let all = fingerprints(&[value.clone(), value.clone(), key, bytes, moved]);
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), 5, "{all:?}");
        assert_eq!(all[0], fingerprints(&[value])[0], "the first is as if it were alone");
    }
}
