//! What runs: services of ECS with their tasks, functions, containers; each becomes a service.

use std::collections::HashSet;

use spec_engine_evidence::image::Image;
use spec_engine_evidence::known::{self, KnownImage};
use spec_engine_evidence::party::{Party, Port, Transport};
use spec_engine_evidence::tree::{Node, Place};

use crate::container::{Container, containers};
use crate::describe::name;
use crate::resource::{Resource, at, each, text};
use crate::shapes::{Other, Role};
use crate::stack::Reading;

/// Something that runs.
#[derive(Debug)]
pub struct Workload {
    /// Its name in the document.
    pub name: String,
    /// What is added to that where another one has it, too: `lambda`.
    pub word: &'static str,
    /// The positions of its resources: the one that says what it needs, then the one that runs that.
    pub resources: Vec<usize>,
    /// Where it stands.
    pub place: Place,
    /// Its containers; a function is its own.
    pub containers: Vec<Container>,
    /// The position of the one that is the service.
    pub main: Option<usize>,
    /// The image of that; `None` where the files do not say it.
    pub image: Option<Image>,
    /// What is known of the image.
    pub known: Option<&'static KnownImage>,
    /// Its ports.
    pub ports: Vec<Port>,
}

impl Party for Workload {
    fn name(&self) -> &str {
        &self.name
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

/// Finds what runs.
pub fn workloads(reading: &Reading) -> Vec<Workload> {
    let resources = &reading.resources;
    let mut used: HashSet<usize> = HashSet::new();
    let mut all: Vec<Workload> = Vec::new();
    let is_task = |at: &usize| resources[*at].address.kind == "aws_ecs_task_definition";
    let tasks: Vec<usize> = (0..resources.len()).filter(is_task).collect();
    for (position, resource) in resources.iter().enumerate() {
        if !matches!(resource.row.role, Role::Other(Other::EcsService)) {
            continue;
        }
        let task = task(reading, &tasks, resource);
        used.extend(task);
        let path = "container_definitions";
        let own = task.map(|task| containers(&resources[task], path)).unwrap_or_default();
        let of = task.into_iter().chain([position]).collect();
        all.push(Workload::new(resource, "ecs", of, own, text(&resource.values, "load_balancer.container_name")));
    }
    for (position, resource) in resources.iter().enumerate() {
        let Role::Workload(shape) = &resource.row.role else { continue };
        if used.contains(&position) {
            continue;
        }
        let own = containers(resource, shape.containers);
        all.push(Workload::new(resource, shape.word, vec![position], own, None));
    }
    all.sort_by_key(|own| own.resources.last().copied());
    all
}

/// The position of the task definition that a service of ECS runs.
fn task(reading: &Reading, tasks: &[usize], service: &Resource) -> Option<usize> {
    let given = service.text("task_definition");
    let tasks = || tasks.iter().map(|&at| (at, &reading.resources[at]));
    let is_given = |own: &Resource| {
        let Some(given) = given else { return false };
        let family = given.rsplit('/').next().unwrap_or(given).split(':').next();
        let revision = given.rsplit('/').next().and_then(|last| last.split_once(':')).map(|(_, number)| number);
        let is_revision = revision.is_none_or(|number| own.text("revision").is_none_or(|own| own == number));
        own.text("arn") == Some(given) || (family.is_some() && own.text("family") == family && is_revision)
    };
    let named = || {
        tasks()
            .find(|(_, own)| own.stack == service.stack && is_given(own))
            .or_else(|| tasks().find(|(_, own)| is_given(own)))
    };
    let stack = &reading.stacks[service.stack];
    let references = stack.configuration.references(&service.address.configured().to_string());
    let is_referred = |own: &Resource| {
        let configured = own.address.configured();
        let by_plan = references.iter().any(|reference| match &reference.target {
            crate::configuration::ReferenceTarget::Resource(address) => address.configured() == configured,
            crate::configuration::ReferenceTarget::Data(_) => false,
        });
        own.stack == service.stack
            && own.address.agrees(&service.address)
            && (by_plan || service.dependencies.contains(&configured))
    };
    let referred = || {
        let all: Vec<_> = tasks().filter(|(_, own)| is_referred(own)).collect();
        let keyed = all.iter().find(|(_, own)| own.address.block.key == service.address.block.key);
        keyed.or(all.first()).copied()
    };
    named().or_else(referred).map(|(position, _)| position)
}

impl Workload {
    fn new(
        resource: &Resource,
        word: &'static str,
        resources: Vec<usize>,
        containers: Vec<Container>,
        served: Option<&str>,
    ) -> Self {
        let name = name(resource).map_or_else(|| resource.address.label(), str::to_owned);
        let working = || containers.iter().enumerate().filter(|(_, own)| !own.is_sidecar);
        let find = |is: &dyn Fn(&Container) -> bool| working().find(|(_, own)| is(own)).map(|(position, _)| position);
        let main = served
            .and_then(|served| find(&|own| own.name == served))
            .or_else(|| find(&|own| own.name == name))
            .or_else(|| find(&|_| true));
        let image = main.and_then(|main| Image::parse(&containers[main].image));
        let known = image.as_ref().and_then(|image| known::image(&image.name, image.tag.as_deref()));
        let ports = main.map(|main| containers[main].ports.clone()).unwrap_or_default();
        let place = resource.place;
        let mut own = Self { name, word, resources, place, containers, main, image, known, ports };
        let port = |path: &str| text(&resource.values, path)?.parse().ok().filter(|&port: &u16| port > 0);
        for balancer in
            at(&resource.values, "load_balancer").into_iter().chain(resource.values.get("load_balancer")).flat_map(each)
        {
            let port = text(balancer, "container_port").and_then(|text| text.parse().ok()).filter(|&port| port > 0);
            port.into_iter().for_each(|port| own.port(port, None));
        }
        for path in ["ingress.target_port", "ingress.exposed_port"] {
            port(path)
                .into_iter()
                .for_each(|port| own.port(port, Some("http").filter(|_| path.ends_with("target_port"))));
        }
        own
    }

    fn port(&mut self, number: u16, application: Option<&str>) {
        if self.ports.iter().all(|own| own.number != number) {
            let application = application.map(str::to_owned);
            self.ports.push(Port { number, transport: Transport::Tcp, published: None, application });
        }
    }

    /// The containers whose variables and commands say what it uses.
    pub fn voices(&self) -> impl Iterator<Item = &Container> {
        self.containers.iter().filter(|own| !own.is_sidecar)
    }

    /// Whether a main container has no image that the files say.
    pub fn has_no_image(&self) -> bool {
        self.image.is_none()
    }
}

/// Maps of tags and labels.
const TAGS: [&str; 6] =
    ["tags", "tags_all", "labels", "effective_labels", "metadata.labels", "template.metadata.labels"];

/// Who owns a resource, by its tags and labels.
pub fn owner(resource: &Resource) -> Option<&str> {
    let maps: Vec<&Node> = TAGS.iter().filter_map(|path| at(&resource.values, path)).flat_map(each).collect();
    let tag = |word: &str| {
        let is_word = |key: &str| key.rsplit(['/', ':']).next().is_some_and(|last| last.eq_ignore_ascii_case(word));
        let pairs = maps.iter().flat_map(|map| map.pairs());
        let mut found = pairs.filter(|pair| is_word(&pair.key)).filter_map(|pair| pair.value.text().map(str::trim));
        found.find(|text| !text.is_empty())
    };
    tag("team").or_else(|| tag("owner"))
}
