//! The values of a document as a script sees them: positions in the model, which cost nothing to copy and know their
//! JSON Pointer.

use rhai::{Dynamic, ImmutableString};

use super::fields;
use crate::catalogue::ResourceKind;
use crate::diagnostic::Pointer;
use crate::graph::ResourceOrigin;
use crate::model::{
    Action, Bindings, Connection, Direction, FieldValue, HelmDeployment, Map, Network, NetworkRule, Owner, Port,
    Resource, Service, System, TerraformDeployment, Text, Transport,
};

/// An object, a list or a map of the document, by positions in the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Handle {
    System,
    Owners,
    Owner(u32),
    Services,
    Service(u32),
    Repo(u32),
    Image(u32),
    EnvVars(u32),
    Connections(u32),
    /// A service, and the position in its connections.
    Connection(u32, u32),
    Exposes(u32),
    /// A service, and the position in its endpoints.
    Endpoint(u32, u32),
    /// A service, and the position in its bindings.
    Bindings(u32, u32),
    /// A service, the position in its bindings, and in the lists of these.
    Resources(u32, u32, u32),
    Resource(ResourceOrigin),
    /// A list of texts beside the lists of resources: a service, the position in its bindings, and the field.
    BindingTexts(u32, u32, &'static str),
    /// A list of texts of a resource.
    ResourceTexts(ResourceOrigin, &'static str),
    /// A list of resources that the document does not have.
    NoResources(u32, u32, &'static str),
    Networks,
    Network(u32),
    NetworkRules(u32),
    /// A network, and the position in its rules.
    NetworkRule(u32, u32),
    Deployments,
    HelmReleases,
    Helm(u32),
    HelmServices(u32),
    TerraformModules,
    Terraform(u32),
    TerraformResources(u32),
}

/// Says what a handle holds.
pub(super) enum Shape {
    Object,
    List,
    Map,
}

/// Says why a field cannot be read.
#[derive(Debug)]
pub(super) struct UnknownField;

impl Handle {
    pub fn shape(self) -> Shape {
        match self {
            Self::Owners
            | Self::Services
            | Self::Connections(_)
            | Self::Networks
            | Self::HelmReleases
            | Self::TerraformModules => Shape::Map,
            Self::Exposes(_)
            | Self::Resources(..)
            | Self::BindingTexts(..)
            | Self::ResourceTexts(..)
            | Self::NoResources(..)
            | Self::NetworkRules(_)
            | Self::HelmServices(_)
            | Self::TerraformResources(_) => Shape::List,
            _ => Shape::Object,
        }
    }

    /// Returns the name of its type, for messages.
    pub fn type_name(self, system: &System) -> String {
        match self {
            Self::System => "System".to_owned(),
            Self::Owner(_) => "Owner".to_owned(),
            Self::Service(_) => "Service".to_owned(),
            Self::Repo(_) => "GitRepo".to_owned(),
            Self::Image(_) => "ContainerImage".to_owned(),
            Self::EnvVars(_) => "ServiceEnvVars".to_owned(),
            Self::Connection(..) => "Connection".to_owned(),
            Self::Endpoint(..) => "Endpoint".to_owned(),
            Self::Bindings(service, index) => bindings(system, service, index).provider.key.to_owned(),
            Self::Resource(origin) => resource(system, origin).kind.resource.to_owned(),
            Self::Network(_) => "Network".to_owned(),
            Self::NetworkRule(..) => "NetworkRule".to_owned(),
            Self::Deployments => "Deployments".to_owned(),
            Self::Helm(_) => "HelmDeployment".to_owned(),
            Self::Terraform(_) => "TerraformDeployment".to_owned(),
            _ => match self.shape() {
                Shape::Map => "Map".to_owned(),
                _ => "List".to_owned(),
            },
        }
    }

    /// Returns the fields that the format gives it, in the order of the format; none where it is a list or a map.
    pub fn fields(self, system: &System) -> Vec<&'static str> {
        match self {
            Self::Bindings(service, index) => {
                let provider = bindings(system, service, index).provider;
                provider
                    .kinds
                    .iter()
                    .map(ResourceKind::key)
                    .chain(provider.fields.iter().map(|field| field.name))
                    .collect()
            }
            Self::Resource(origin) => {
                let kind = resource(system, origin).kind;
                std::iter::once(kind.name_field).chain(kind.fields.iter().map(|field| field.name)).collect()
            }
            _ => fields::of(&self.type_name(system)),
        }
    }

    /// Reads a field: `()` where the document has none. Of a map, the value of a key.
    pub fn get(self, system: &System, name: &str) -> Result<Dynamic, UnknownField> {
        Ok(match self {
            Self::System => match name {
                "name" => filled(&system.name),
                "description" => text(system.description.as_ref()),
                "version" => text(system.version.as_ref()),
                "owners" => Self::Owners.into(),
                "services" => Self::Services.into(),
                "networks" => Self::Networks.into(),
                "deployments" => present(system.deployments.is_some(), Self::Deployments),
                _ => return Err(UnknownField),
            },
            Self::Owner(index) => {
                let owner = owner(system, index);
                match name {
                    "name" => text(owner.name.as_ref()),
                    "email" => text(owner.email.as_ref()),
                    "slack" => text(owner.slack.as_ref()),
                    "pager" => text(owner.pager.as_ref()),
                    _ => return Err(UnknownField),
                }
            }
            Self::Service(index) => return get_of_service(system, index, name),
            Self::Repo(index) => {
                let Some(repo) = &service(system, index).repo else { return Err(UnknownField) };
                match name {
                    "url" => filled(&repo.url),
                    "path" => text(repo.path.as_ref()),
                    "ref" => text(repo.reference.as_ref()),
                    "commit" => text(repo.commit.as_ref()),
                    _ => return Err(UnknownField),
                }
            }
            Self::Image(index) => {
                let image = &service(system, index).image;
                match name {
                    "name" => filled(&image.name),
                    "tag" => text(image.tag.as_ref()),
                    "digest" => text(image.digest.as_ref()),
                    _ => return Err(UnknownField),
                }
            }
            Self::EnvVars(index) => {
                let Some(names) = &service(system, index).env_vars else { return Err(UnknownField) };
                match name {
                    "url" => text(names.url.as_ref()),
                    "host" => text(names.host.as_ref()),
                    "port" => text(names.port.as_ref()),
                    _ => return Err(UnknownField),
                }
            }
            Self::Connection(source, index) => {
                let (target, connection) = connection(system, source, index);
                match name {
                    "port" => port(connection.port),
                    "protocol" => filled(&connection.protocol),
                    "description" => text(connection.description.as_ref()),
                    "source" => Self::Service(source).into(),
                    "target" => {
                        let target = system.services.get_index_of(target);
                        target.map_or(Dynamic::UNIT, |target| Self::Service(position(target)).into())
                    }
                    _ => return Err(UnknownField),
                }
            }
            Self::Endpoint(owner, index) => {
                let endpoint = &service(system, owner).exposes[index as usize];
                match name {
                    "port" => port(endpoint.port),
                    "protocol" => filled(&endpoint.protocol),
                    "description" => text(endpoint.description.as_ref()),
                    _ => return Err(UnknownField),
                }
            }
            Self::Bindings(service, index) => return get_of_bindings(system, service, index, name),
            Self::Resource(origin) => return get_of_resource(system, origin, name),
            Self::Network(index) => {
                let network = network(system, index);
                match name {
                    "description" => text(network.description.as_ref()),
                    "cidr" => text(network.cidr.as_ref()),
                    "rules" => Self::NetworkRules(index).into(),
                    _ => return Err(UnknownField),
                }
            }
            Self::NetworkRule(owner, index) => {
                return get_of_network_rule(&network(system, owner).rules[index as usize], name);
            }
            Self::Deployments => match name {
                "helm" => Self::HelmReleases.into(),
                "terraform" => Self::TerraformModules.into(),
                _ => return Err(UnknownField),
            },
            Self::Helm(index) => {
                let release = release(system, index);
                match name {
                    "chart" => text(release.chart.as_ref()),
                    "version" => text(release.version.as_ref()),
                    "repo" => text(release.repo.as_ref()),
                    "valuesFile" => text(release.values_file.as_ref()),
                    "services" => Self::HelmServices(index).into(),
                    _ => return Err(UnknownField),
                }
            }
            Self::Terraform(index) => {
                let module = module(system, index);
                match name {
                    "source" => text(module.source.as_ref()),
                    "version" => text(module.version.as_ref()),
                    "path" => text(module.path.as_ref()),
                    "resources" => Self::TerraformResources(index).into(),
                    _ => return Err(UnknownField),
                }
            }
            _ => match self.shape() {
                Shape::Map => {
                    self.index_of(system, name).and_then(|index| self.item(system, index)).unwrap_or_default()
                }
                _ => return Err(UnknownField),
            },
        })
    }

    /// Returns how many items a list, entries a map, or fields that the document has an object holds.
    pub fn len(self, system: &System) -> usize {
        match self {
            Self::Owners => system.owners.len(),
            Self::Services => system.services.len(),
            Self::Connections(index) => service(system, index).connections.len(),
            Self::Exposes(index) => service(system, index).exposes.len(),
            Self::Resources(service, index, list) => {
                bindings(system, service, index).lists[list as usize].resources.len()
            }
            Self::BindingTexts(..) | Self::ResourceTexts(..) | Self::HelmServices(_) | Self::TerraformResources(_) => {
                self.texts(system).len()
            }
            Self::Networks => system.networks.len(),
            Self::NetworkRules(index) => network(system, index).rules.len(),
            Self::HelmReleases => system.deployments.as_ref().map_or(0, |deployments| deployments.helm.len()),
            Self::TerraformModules => system.deployments.as_ref().map_or(0, |deployments| deployments.terraform.len()),
            Self::NoResources(..) => 0,
            _ => self.keys(system).len(),
        }
    }

    /// Returns an item of a list, or the value of an entry of a map, by its position.
    pub fn item(self, system: &System, index: usize) -> Option<Dynamic> {
        if index >= self.len(system) {
            return None;
        }
        let at = position(index);
        Some(match self {
            Self::Owners => Self::Owner(at).into(),
            Self::Services => Self::Service(at).into(),
            Self::Connections(service) => Self::Connection(service, at).into(),
            Self::Exposes(service) => Self::Endpoint(service, at).into(),
            Self::Resources(service, bindings, list) => {
                Self::Resource(ResourceOrigin { service, bindings, list, index: at }).into()
            }
            Self::Networks => Self::Network(at).into(),
            Self::NetworkRules(network) => Self::NetworkRule(network, at).into(),
            Self::HelmReleases => Self::Helm(at).into(),
            Self::TerraformModules => Self::Terraform(at).into(),
            Self::BindingTexts(..) | Self::ResourceTexts(..) | Self::HelmServices(_) | Self::TerraformResources(_) => {
                self.texts(system)[index].as_str().into()
            }
            _ => return None,
        })
    }

    /// Returns the keys of a map, or the fields of an object that the document has.
    pub fn keys(self, system: &System) -> Vec<ImmutableString> {
        fn of<V>(map: &Map<V>) -> Vec<ImmutableString> {
            map.keys().map(|key| key.as_str().into()).collect()
        }
        match self {
            Self::Owners => of(&system.owners),
            Self::Services => of(&system.services),
            Self::Connections(index) => of(&service(system, index).connections),
            Self::Networks => of(&system.networks),
            Self::HelmReleases => {
                system.deployments.as_ref().map_or_else(Vec::new, |deployments| of(&deployments.helm))
            }
            Self::TerraformModules => {
                system.deployments.as_ref().map_or_else(Vec::new, |deployments| of(&deployments.terraform))
            }
            _ => {
                let fields = self.fields(system).into_iter();
                fields.filter(|name| self.holds(system, name)).map(ImmutableString::from).collect()
            }
        }
    }

    /// Says whether the document has a field of this object, or an entry of this map.
    pub fn holds(self, system: &System, name: &str) -> bool {
        match self.shape() {
            Shape::Map => self.index_of(system, name).is_some(),
            _ => self.get(system, name).is_ok_and(|value| match value.clone().try_cast::<Self>() {
                Some(inner) if !matches!(inner.shape(), Shape::Object) => inner.len(system) > 0,
                _ => !value.is_unit(),
            }),
        }
    }

    fn index_of(self, system: &System, key: &str) -> Option<usize> {
        match self {
            Self::Owners => system.owners.get_index_of(key),
            Self::Services => system.services.get_index_of(key),
            Self::Connections(index) => service(system, index).connections.get_index_of(key),
            Self::Networks => system.networks.get_index_of(key),
            Self::HelmReleases => system.deployments.as_ref()?.helm.get_index_of(key),
            Self::TerraformModules => system.deployments.as_ref()?.terraform.get_index_of(key),
            _ => None,
        }
    }

    fn texts(self, system: &System) -> &[Text] {
        let value = match self {
            Self::HelmServices(index) => return &release(system, index).services,
            Self::TerraformResources(index) => return &module(system, index).resources,
            Self::BindingTexts(service, index, name) => {
                let fields = &bindings(system, service, index).fields;
                fields.iter().find(|(field, _)| field.name == name).map(|(_, value)| value)
            }
            Self::ResourceTexts(origin, name) => resource(system, origin).field(name),
            _ => None,
        };
        match value {
            Some(FieldValue::List(texts)) => texts,
            _ => &[],
        }
    }

    /// Returns what leads to it from what it stands in: a key, the name of a field, or a position.
    pub fn key(self, system: &System) -> Dynamic {
        fn of<V>(map: &Map<V>, index: u32) -> Dynamic {
            map.get_index(index as usize).map_or(Dynamic::UNIT, |(key, _)| key.as_str().into())
        }
        match self {
            Self::System => Dynamic::UNIT,
            Self::Owner(index) => of(&system.owners, index),
            Self::Service(index) => of(&system.services, index),
            Self::Connection(source, index) => of(&service(system, source).connections, index),
            Self::Network(index) => of(&system.networks, index),
            Self::Helm(_) | Self::Terraform(_) | Self::Resource(_) | Self::Endpoint(..) | Self::NetworkRule(..) => {
                let pointer = self.pointer(system);
                let last = pointer.segments().last().unwrap_or_default();
                match self {
                    Self::Helm(_) | Self::Terraform(_) => last.into(),
                    _ => last.parse::<i64>().map_or(Dynamic::UNIT, Dynamic::from),
                }
            }
            _ => self.pointer(system).segments().last().unwrap_or_default().into(),
        }
    }

    /// Returns the object around it; `None` for the system.
    pub fn parent(self) -> Option<Self> {
        Some(match self {
            Self::System => return None,
            Self::Owners
            | Self::Owner(_)
            | Self::Services
            | Self::Service(_)
            | Self::Networks
            | Self::Network(_)
            | Self::Deployments => Self::System,
            Self::Repo(service)
            | Self::Image(service)
            | Self::EnvVars(service)
            | Self::Connections(service)
            | Self::Connection(service, _)
            | Self::Exposes(service)
            | Self::Endpoint(service, _)
            | Self::Bindings(service, _) => Self::Service(service),
            Self::Resources(service, index, _)
            | Self::BindingTexts(service, index, _)
            | Self::NoResources(service, index, _) => Self::Bindings(service, index),
            Self::Resource(origin) => Self::Bindings(origin.service, origin.bindings),
            Self::ResourceTexts(origin, _) => Self::Resource(origin),
            Self::NetworkRules(network) | Self::NetworkRule(network, _) => Self::Network(network),
            Self::HelmReleases | Self::Helm(_) | Self::TerraformModules | Self::Terraform(_) => Self::Deployments,
            Self::HelmServices(release) => Self::Helm(release),
            Self::TerraformResources(module) => Self::Terraform(module),
        })
    }

    pub fn pointer(self, system: &System) -> Pointer {
        fn key<V>(map: &Map<V>, index: u32) -> &str {
            map.get_index(index as usize).map_or("", |(key, _)| key)
        }
        let of_service = |index: u32| Pointer::of(["services", key(&system.services, index)]);
        let of_bindings =
            |service: u32, index: u32| of_service(service).join(bindings(system, service, index).provider.key);
        match self {
            Self::System => Pointer::root(),
            Self::Owners => Pointer::of(["owners"]),
            Self::Owner(index) => Pointer::of(["owners", key(&system.owners, index)]),
            Self::Services => Pointer::of(["services"]),
            Self::Service(index) => of_service(index),
            Self::Repo(index) => of_service(index).join("repo"),
            Self::Image(index) => of_service(index).join("image"),
            Self::EnvVars(index) => of_service(index).join("envVars"),
            Self::Connections(index) => of_service(index).join("connections"),
            Self::Connection(source, index) => {
                of_service(source).join("connections").join(connection(system, source, index).0)
            }
            Self::Exposes(index) => of_service(index).join("exposes"),
            Self::Endpoint(owner, index) => of_service(owner).join("exposes").index(index as usize),
            Self::Bindings(service, index) => of_bindings(service, index),
            Self::Resources(service, index, list) => {
                of_bindings(service, index).join(bindings(system, service, index).lists[list as usize].kind.key())
            }
            Self::Resource(ResourceOrigin { service, bindings, list, index }) => {
                Self::Resources(service, bindings, list).pointer(system).index(index as usize)
            }
            Self::BindingTexts(service, index, name) | Self::NoResources(service, index, name) => {
                of_bindings(service, index).join(name)
            }
            Self::ResourceTexts(origin, name) => Self::Resource(origin).pointer(system).join(name),
            Self::Networks => Pointer::of(["networks"]),
            Self::Network(index) => Pointer::of(["networks", key(&system.networks, index)]),
            Self::NetworkRules(index) => Self::Network(index).pointer(system).join("rules"),
            Self::NetworkRule(owner, index) => Self::NetworkRules(owner).pointer(system).index(index as usize),
            Self::Deployments => Pointer::of(["deployments"]),
            Self::HelmReleases => Pointer::of(["deployments", "helm"]),
            Self::TerraformModules => Pointer::of(["deployments", "terraform"]),
            Self::Helm(index) => {
                let name = system.deployments.as_ref().map_or("", |deployments| key(&deployments.helm, index));
                Pointer::of(["deployments", "helm", name])
            }
            Self::Terraform(index) => {
                let name = system.deployments.as_ref().map_or("", |deployments| key(&deployments.terraform, index));
                Pointer::of(["deployments", "terraform", name])
            }
            Self::HelmServices(index) => Self::Helm(index).pointer(system).join("services"),
            Self::TerraformResources(index) => Self::Terraform(index).pointer(system).join("resources"),
        }
    }
}

impl From<Handle> for Dynamic {
    fn from(handle: Handle) -> Self {
        Self::from(handle)
    }
}

fn get_of_service(system: &System, index: u32, name: &str) -> Result<Dynamic, UnknownField> {
    let service = service(system, index);
    Ok(match name {
        "description" => text(service.description.as_ref()),
        "owner" => text(service.owner.as_ref()),
        "repo" => present(service.repo.is_some(), Handle::Repo(index)),
        "image" => Handle::Image(index).into(),
        "registry" => text(service.registry.as_ref()),
        "envVars" => present(service.env_vars.is_some(), Handle::EnvVars(index)),
        "connections" => Handle::Connections(index).into(),
        "exposes" => Handle::Exposes(index).into(),
        provider => match service.bindings.0.iter().position(|bindings| bindings.provider.key == provider) {
            Some(at) => Handle::Bindings(index, position(at)).into(),
            None if crate::catalogue::Provider::find(provider).is_some() => Dynamic::UNIT,
            None => return Err(UnknownField),
        },
    })
}

fn get_of_bindings(system: &System, service: u32, index: u32, name: &str) -> Result<Dynamic, UnknownField> {
    let bindings = bindings(system, service, index);
    if let Some(kind) = bindings.provider.kind(name) {
        let list = bindings.lists.iter().position(|list| list.kind.resource == kind.resource);
        return Ok(match list {
            Some(list) => Handle::Resources(service, index, position(list)).into(),
            None => Handle::NoResources(service, index, kind.key()).into(),
        });
    }
    let Some(field) = bindings.provider.field(name) else { return Err(UnknownField) };
    let value = bindings.fields.iter().find(|(other, _)| other.name == name).map(|(_, value)| value);
    Ok(field_value(value, field.shape, Handle::BindingTexts(service, index, field.name)))
}

fn get_of_resource(system: &System, origin: ResourceOrigin, name: &str) -> Result<Dynamic, UnknownField> {
    let resource = resource(system, origin);
    if name == resource.kind.name_field {
        return Ok(filled(&resource.name));
    }
    let Some(field) = resource.kind.field(name) else { return Err(UnknownField) };
    Ok(field_value(resource.field(name), field.shape, Handle::ResourceTexts(origin, field.name)))
}

fn get_of_network_rule(rule: &NetworkRule, name: &str) -> Result<Dynamic, UnknownField> {
    let word = |word: Option<&'static str>| word.map_or(Dynamic::UNIT, Dynamic::from);
    Ok(match name {
        "direction" => word(rule.direction.map(|direction| match direction {
            Direction::Inbound => "inbound",
            Direction::Outbound => "outbound",
        })),
        "fromService" => text(rule.from_service.as_ref()),
        "toService" => text(rule.to_service.as_ref()),
        "port" => port(rule.port),
        "protocol" => word(rule.protocol.map(|protocol| match protocol {
            Transport::Tcp => "tcp",
            Transport::Udp => "udp",
        })),
        "action" => word(rule.action.map(|action| match action {
            Action::Allow => "allow",
            Action::Deny => "deny",
        })),
        _ => return Err(UnknownField),
    })
}

fn field_value(value: Option<&FieldValue>, shape: crate::catalogue::FieldShape, list: Handle) -> Dynamic {
    match value {
        _ if shape == crate::catalogue::FieldShape::List => list.into(),
        Some(FieldValue::Text(value)) => value.as_str().into(),
        Some(FieldValue::Port(value)) => port(Some(*value)),
        Some(FieldValue::List(_)) | None => Dynamic::UNIT,
    }
}

fn text(value: Option<&Text>) -> Dynamic {
    value.map_or(Dynamic::UNIT, |value| value.as_str().into())
}

/// Returns a text that the format requires. The model has an empty one where the document has none.
fn filled(value: &Text) -> Dynamic {
    if value.is_empty() { Dynamic::UNIT } else { value.as_str().into() }
}

fn port(value: Option<Port>) -> Dynamic {
    value.map_or(Dynamic::UNIT, |port| Dynamic::from_int(port.get().into()))
}

fn present(present: bool, handle: Handle) -> Dynamic {
    if present { handle.into() } else { Dynamic::UNIT }
}

fn owner(system: &System, index: u32) -> &Owner {
    &system.owners[index as usize]
}

pub(super) fn service(system: &System, index: u32) -> &Service {
    &system.services[index as usize]
}

fn connection(system: &System, source: u32, index: u32) -> (&Text, &Connection) {
    service(system, source).connections.get_index(index as usize).expect("a handle points into its system")
}

pub(super) fn bindings(system: &System, of: u32, index: u32) -> &Bindings {
    &service(system, of).bindings.0[index as usize]
}

pub(super) fn resource(system: &System, origin: ResourceOrigin) -> &Resource {
    &bindings(system, origin.service, origin.bindings).lists[origin.list as usize].resources[origin.index as usize]
}

fn network(system: &System, index: u32) -> &Network {
    &system.networks[index as usize]
}

fn release(system: &System, index: u32) -> &HelmDeployment {
    &deployments(system).helm[index as usize]
}

fn module(system: &System, index: u32) -> &TerraformDeployment {
    &deployments(system).terraform[index as usize]
}

fn deployments(system: &System) -> &crate::model::Deployments {
    system.deployments.as_ref().expect("a handle points into its system")
}

/// Returns a position in 32 bits. A document of 4 GiB, the most that is read, has fewer parts.
pub(super) fn position(index: usize) -> u32 {
    u32::try_from(index).expect("fewer than 2^32 parts")
}
