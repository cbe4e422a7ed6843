//! The objects that run containers, each of which becomes a service or a resource.

use spec_engine_evidence::image::Image;
use spec_engine_evidence::known::{self, KnownImage};
use spec_engine_evidence::party::{Party, Port};
use spec_engine_evidence::tree::{Node, Pair, Place};

use crate::container::{Container, Role, containers};
use crate::environment::{ConfigMaps, Environment, environment};
use crate::object::{Object, inner, text};

/// An object that runs containers.
#[derive(Debug)]
pub struct Workload<'a> {
    /// The object.
    pub object: &'a Object,
    /// Its name in the document.
    pub name: String,
    /// The specification of its pods.
    pub pod: &'a Node,
    /// The labels of its pods.
    pub labels: Vec<(String, String)>,
    /// The containers of its pods.
    pub containers: Vec<Container<'a>>,
    /// The position of the container that is the service.
    pub main: Option<usize>,
    /// The image of that container.
    pub image: Image,
    /// What is known of that image.
    pub known: Option<&'static KnownImage>,
    /// The ports at which Services reach it.
    pub ports: Vec<Port>,
    /// The ports of its pods, each with one by which a Service reaches it.
    pub reached: Vec<(u16, u16)>,
    /// What its containers say of others, the main one first.
    pub voices: Vec<ContainerTexts<'a>>,
}

/// What a container says of others.
#[derive(Debug)]
pub struct ContainerTexts<'a> {
    /// The position of the container.
    pub container: usize,
    /// Its variables.
    pub variables: Vec<Pair>,
    /// Its command with its arguments, in which variables have their values.
    pub commands: Vec<Node>,
    /// ConfigMaps that it names and that are not in the files.
    pub missing: Vec<(&'a str, Place)>,
    /// How many of its variables, or groups of them, Secrets have the values of.
    pub secret: usize,
}

impl Party for Workload<'_> {
    fn name(&self) -> &str {
        &self.name
    }

    fn place(&self) -> Place {
        self.object.place
    }

    fn known(&self) -> Option<&'static KnownImage> {
        self.known
    }

    fn ports(&self) -> &[Port] {
        &self.ports
    }
}

impl<'a> Workload<'a> {
    /// Reads an object; `None` where it is not one that runs containers.
    pub fn read(object: &'a Object) -> Option<Self> {
        let template = template(object)?;
        let pod = if object.kind == "Pod" { object.spec()? } else { template.get("spec")? };
        let labels = template.get("metadata").and_then(|metadata| metadata.get("labels"));
        let labels = labels.map_or(&[][..], Node::pairs).iter();
        let labels = labels.filter_map(|pair| Some((pair.key.clone(), pair.value.text()?.to_owned())));
        Some(Self {
            object,
            name: object.name.clone(),
            pod,
            labels: labels.collect(),
            containers: containers(pod),
            main: None,
            image: Image::default(),
            known: None,
            ports: Vec::new(),
            reached: Vec::new(),
            voices: Vec::new(),
        })
    }

    /// The namespace.
    pub fn namespace(&self) -> &'a str {
        &self.object.namespace
    }

    /// Says which container is the service.
    pub fn settle(&mut self, main: Option<usize>) {
        self.main = main;
        let given = main.map_or("", |main| self.containers[main].image);
        self.image = Image::parse(given).unwrap_or_else(|| Image::named(self.object.name.clone()));
        self.known = known::image(&self.image.name, self.image.tag.as_deref());
    }

    /// The container that pods call their own.
    pub fn named_container(&self) -> Option<&'a str> {
        let template = template(self.object)?;
        text(inner(template, &["metadata", "annotations"])?, "kubectl.kubernetes.io/default-container")
    }

    /// Reads the variables and commands of its containers, those of sidecars left out.
    pub fn listen(&mut self, maps: &ConfigMaps<'a>) {
        let mut order: Vec<usize> = (0..self.containers.len()).collect();
        order.sort_by_key(|&position| (Some(position) != self.main, self.containers[position].role == Role::Initial));
        for container in order {
            let Container { node, role, .. } = self.containers[container];
            if role == Role::Sidecar {
                continue;
            }
            let environment = environment(node, &self.object.namespace, maps);
            let commands = ["command", "args"].into_iter().filter_map(|field| node.get(field));
            let commands = commands.map(|command| environment.command(command)).collect();
            let Environment { variables, missing, secret } = environment;
            let variables = variables.into_values().collect();
            self.voices.push(ContainerTexts { container, variables, commands, missing, secret });
        }
    }

    /// The ConfigMaps that are mounted as files, each with the keys that are, where not all are.
    pub fn mounted(&self) -> Vec<(&'a str, Option<Vec<&'a str>>)> {
        let volumes = self.pod.get("volumes").map_or(&[][..], Node::items).iter();
        let projected = |volume: &'a Node| inner(volume, &["projected", "sources"]).map_or(&[][..], Node::items);
        let sources = volumes.flat_map(|volume| std::iter::once(volume).chain(projected(volume)));
        let map = sources.filter_map(|source| source.get("configMap"));
        map.filter_map(|map| {
            let keys =
                map.get("items").map(|items| items.items().iter().filter_map(|item| text(item, "key")).collect());
            Some((text(map, "name")?, keys))
        })
        .collect()
    }
}

/// The kinds that run containers by a template of pods, with their groups.
const WORKLOADS: &[(&str, &str)] = &[
    ("Deployment", "apps"),
    ("Deployment", "extensions"),
    ("StatefulSet", "apps"),
    ("DaemonSet", "apps"),
    ("DaemonSet", "extensions"),
    ("ReplicaSet", "apps"),
    ("ReplicaSet", "extensions"),
    ("ReplicationController", ""),
    ("Job", "batch"),
    ("CronJob", "batch"),
    ("DeploymentConfig", "apps.openshift.io"),
    ("Rollout", "argoproj.io"),
    ("Service", "serving.knative.dev"),
    ("Pod", ""),
];

/// Whether an object is of a kind that runs containers.
pub fn is_workload(object: &Object) -> bool {
    WORKLOADS.contains(&(object.kind.as_str(), object.group.as_str()))
}

/// Whether an object is one that another one made: a ReplicaSet of a Deployment, a Pod of a ReplicaSet, a Job of a CronJob.
pub fn is_made(object: &Object) -> bool {
    let is_other = |kind: &str| {
        WORKLOADS.iter().any(|(own, _)| *own == kind) || matches!(kind, "Revision" | "Configuration" | "Node")
    };
    object.owners().any(is_other)
}

/// The template of the pods of an object.
fn template(object: &Object) -> Option<&Node> {
    match object.kind.as_str() {
        _ if !is_workload(object) => None,
        "Pod" => Some(&object.node),
        "CronJob" => inner(object.spec()?, &["jobTemplate", "spec", "template"]),
        _ => object.spec()?.get("template"),
    }
}
