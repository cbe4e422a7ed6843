//! The image of a service.

use super::context::Context;
use super::settings::Digests;
use crate::import::Difference;
use crate::model::{ContainerImage, Service, Text};

/// What a registry of Docker is called where nobody names it.
const USUAL: [&str; 4] = ["docker.io/", "index.docker.io/", "registry-1.docker.io/", "library/"];

/// Brings the image of a service up to date.
pub(super) fn bring(name: &str, service: &mut Service, observed: &Service, context: &mut Context<'_>) {
    if observed.image.name.is_empty() {
        return;
    }
    let (image, registry) = updated(service, observed, context.settings.digests);
    if image == service.image && registry == service.registry {
        return;
    }
    let fills = image.name == service.image.name && service.image.tag.is_none() && service.image.digest.is_none();
    if fills || context.takes(Difference::Different, &["services", name, "image"]) {
        service.image = image;
        service.registry = registry;
    }
}

/// The name of an image as everybody means it.
pub(super) fn normal(name: &str) -> &str {
    USUAL.iter().fold(name, |name, usual| name.strip_prefix(usual).unwrap_or(name))
}

/// Whether two services run images of the same name, with or without their registry.
pub(super) fn is_same_name(service: &Service, observed: &Service) -> bool {
    let full = full_name(observed);
    normal(&service.image.name) == normal(&full) || normal(&full_name(service)) == normal(&full)
}

/// The name of an image with its registry.
fn full_name(service: &Service) -> String {
    match &service.registry {
        Some(registry) if !is_in(&service.image.name, registry) => {
            format!("{}/{}", registry.trim_end_matches('/'), service.image.name)
        }
        _ => service.image.name.to_string(),
    }
}

fn is_in(name: &str, registry: &str) -> bool {
    name.strip_prefix(registry.trim_end_matches('/')).is_some_and(|rest| rest.starts_with('/'))
}

fn updated(service: &Service, observed: &Service, digests: Digests) -> (ContainerImage, Option<Text>) {
    let (own, new) = (&service.image, &observed.image);
    if !is_same_name(service, observed) {
        let full = full_name(observed);
        return match &service.registry {
            Some(registry) if is_in(&full, registry) && !is_in(&own.name, registry) => {
                let name = full[registry.trim_end_matches('/').len() + 1..].into();
                (ContainerImage { name, ..new.clone() }, service.registry.clone())
            }
            Some(registry) if is_in(&full, registry) => {
                (ContainerImage { name: full.into(), ..new.clone() }, service.registry.clone())
            }
            Some(_) => {
                let registry = full.rsplit_once('/').map(|(registry, _)| registry.into());
                (ContainerImage { name: full.into(), ..new.clone() }, registry)
            }
            None => (ContainerImage { name: full.into(), ..new.clone() }, None),
        };
    }
    let is_other_tag = new.tag.is_some() && new.tag != own.tag;
    let tag = new.tag.clone().or_else(|| own.tag.clone());
    let digest = match (&own.digest, &new.digest) {
        // The digest of another tag.
        (Some(_), other) if is_other_tag && own.tag.is_some() => other.clone(),
        (Some(own), _) if digests == Digests::Kept && tag.is_some() => Some(own.clone()),
        (Some(_), Some(new)) => Some(new.clone()),
        // Who pins nothing is not made to.
        (None, Some(new)) if tag.is_none() => Some(new.clone()),
        (own, _) => own.clone(),
    };
    (ContainerImage { name: own.name.clone(), tag, digest }, service.registry.clone())
}

#[cfg(test)]
mod tests {
    use super::{Digests, updated};
    use crate::model::{ContainerImage, Service};

    fn service(reference: &str, registry: Option<&str>) -> Service {
        let (rest, digest) = reference.split_once('@').map_or((reference, None), |(rest, digest)| (rest, Some(digest)));
        let (name, tag) = match rest.rsplit_once(':') {
            Some((name, tag)) => (name, Some(tag)),
            None => (rest, None),
        };
        let image = ContainerImage { name: name.into(), tag: tag.map(Into::into), digest: digest.map(Into::into) };
        Service { image, registry: registry.map(Into::into), ..Service::default() }
    }

    #[test]
    fn names_tags_and_digests() {
        for (own, registry, observed, digests, expected) in [
            ("nginx:1", None, "docker.io/library/nginx:2", Digests::Compared, "nginx:2"),
            ("api:1", Some("ghcr.io/acme"), "ghcr.io/acme/api:1", Digests::Compared, "api:1"),
            ("ghcr.io/acme/api:1", Some("ghcr.io/acme"), "ghcr.io/acme/api:2", Digests::Compared, "ghcr.io/acme/api:2"),
            ("api:1", Some("ghcr.io/acme"), "ghcr.io/acme/web:1", Digests::Compared, "web:1"),
            ("api:1@sha256:a", None, "other:1", Digests::Compared, "other:1"),
            ("api:1@sha256:a", None, "api:2", Digests::Compared, "api:2"),
            ("api:1@sha256:a", None, "api:1@sha256:b", Digests::Compared, "api:1@sha256:b"),
            ("api:1@sha256:a", None, "api:1@sha256:b", Digests::Kept, "api:1@sha256:a"),
            ("api@sha256:a", None, "api@sha256:b", Digests::Kept, "api@sha256:b"),
            ("api:1", None, "api:1@sha256:b", Digests::Compared, "api:1"),
            ("api", None, "api:3", Digests::Compared, "api:3"),
            ("api:3", None, "api", Digests::Compared, "api:3"),
        ] {
            let (image, _) = updated(&service(own, registry), &service(observed, None), digests);
            let expected = service(expected, None).image;
            assert_eq!(image, expected, "{own}, {observed}");
        }
    }
}
