//! What a row of the table of types may say.

/// A type of Terraform.
#[derive(Debug)]
pub struct Type {
    /// Its name: `aws_db_instance`.
    pub name: &'static str,
    /// What it is in the document.
    pub role: Role,
}

/// What a type is in the document.
#[derive(Debug)]
pub enum Role {
    /// A resource of a kind.
    Resource(Shape),
    /// A resource whose kind is that of its engine.
    Engine(Engine),
    /// Something that runs: a service.
    Workload(Service),
    /// A part of a resource or a service, as a queue is of a namespace: it is merged into that.
    Part(Part),
    /// Something that lets a resource call a service or another resource.
    Link(Link),
    /// What has a use of its own, see [`Other`].
    Other(Other),
}

/// How a type is a resource.
#[derive(Debug)]
pub struct Shape {
    /// The kind: `aws.rds`.
    pub kind: &'static str,
    /// The attribute that names it.
    pub named_by: &'static str,
    /// The other fields of the kind.
    pub fields: &'static [Field],
}

/// How a type is a resource of one kind or another.
#[derive(Debug)]
pub struct Engine {
    /// The attribute that says the engine.
    pub at: &'static str,
    /// How those engines start, in small letters, that are of a kind, each with that.
    pub kinds: &'static [(&'static str, Shape)],
}

/// A field of a kind, and the attribute that it is taken from.
#[derive(Debug)]
pub struct Field {
    /// The field of the format.
    pub name: &'static str,
    /// The path of the attribute, with dots; of lists the first item counts.
    pub at: &'static str,
    /// How it is written.
    pub form: Form,
}

/// How an attribute is written into a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As it is.
    Text,
    /// As a port.
    Port,
    /// The family of `POSTGRES_15`: `postgres`.
    Family,
    /// The API of Cosmos DB, which its kind and its capabilities say.
    CosmosApi,
    /// The host of `host:port`.
    Host,
    /// The last segment of an id.
    LastSegment,
    /// In small letters with its version: `NODE|20` is `node20`.
    Stack,
    /// A text that is the same for all of the type.
    Fixed(&'static str),
}

/// How a type is a service.
#[derive(Debug)]
pub struct Service {
    /// The attribute that names it.
    pub named_by: &'static str,
    /// Where its containers are, a path; empty where it is the container itself.
    pub containers: &'static str,
    /// What is added to its name where another service has that, too: `lambda`.
    pub word: &'static str,
    /// The resource that it is as well.
    pub resource: Option<Shape>,
}

/// How a type is a part of another one.
#[derive(Debug)]
pub struct Part {
    /// The attributes that may name the whole.
    pub parents: &'static [&'static str],
    /// The field of the whole that has the names of its parts.
    pub into: Option<Into>,
}

/// A field of a whole for the names of its parts.
#[derive(Clone, Copy, Debug)]
pub enum Into {
    /// A list of all of them.
    List(&'static str),
    /// A text: the first.
    Text(&'static str),
}

/// How a type lets one thing call another.
#[derive(Debug)]
pub struct Link {
    /// The attribute that names what calls; empty where the resource itself does.
    pub from: &'static str,
    /// The attributes that name what is called.
    pub to: &'static [&'static str],
    /// Who opens the connection.
    pub direction: Direction,
}

/// Who opens the connection of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// What is called reads from what calls: a function polls a queue.
    Pull,
    /// What calls does.
    Push,
}

/// Uses of types that are neither resources nor services.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Other {
    /// A service of ECS, which runs a task definition.
    EcsService,
    /// A chart that is released.
    Helm,
    /// A network: a VPC.
    Network,
    /// A part of a network.
    Subnet,
    /// A group of rules.
    SecurityGroup,
    /// A rule of a group, a firewall, or what says what a group guards.
    Firewall,
    /// A role.
    Role,
    /// What gives a role rights.
    Policy,
    /// What gives accounts a right on one resource, as Google Cloud has it.
    Binding,
    /// What leads to a target group: a load balancer, a listener, the group.
    Balancer,
    /// A name by which a service is found, or what holds such names.
    Discovery,
}

/// A type that is a resource of a kind, named by an attribute.
pub const fn resource(
    name: &'static str,
    kind: &'static str,
    named_by: &'static str,
    fields: &'static [Field],
) -> Type {
    Type { name, role: Role::Resource(shape(kind, named_by, fields)) }
}

/// A resource of a kind, named by an attribute.
pub const fn shape(kind: &'static str, named_by: &'static str, fields: &'static [Field]) -> Shape {
    Shape { kind, named_by, fields }
}

/// A type that is a resource of the kind that its engine, an attribute, says.
pub const fn engine(name: &'static str, at: &'static str, kinds: &'static [(&'static str, Shape)]) -> Type {
    Type { name, role: Role::Engine(Engine { at, kinds }) }
}

/// A type that is a service.
pub const fn workload(
    name: &'static str,
    named_by: &'static str,
    containers: &'static str,
    word: &'static str,
) -> Type {
    Type { name, role: Role::Workload(Service { named_by, containers, word, resource: None }) }
}

impl Type {
    /// Makes a service a resource as well.
    pub const fn also(self, kind: &'static str, named_by: &'static str, fields: &'static [Field]) -> Self {
        match self.role {
            Role::Workload(Service { named_by: name, containers, word, .. }) => {
                let resource = Some(Shape { kind, named_by, fields });
                Self { name: self.name, role: Role::Workload(Service { named_by: name, containers, word, resource }) }
            }
            role => Self { name: self.name, role },
        }
    }
}

/// A type that is a part of what one of some attributes names.
pub const fn part(name: &'static str, parents: &'static [&'static str], into: Option<Into>) -> Type {
    Type { name, role: Role::Part(Part { parents, into }) }
}

/// A type that lets one thing call another.
pub const fn link(name: &'static str, from: &'static str, to: &'static [&'static str]) -> Type {
    Type { name, role: Role::Link(Link { from, to, direction: Direction::Push }) }
}

/// A type by which what is called reads from what calls.
pub const fn source(name: &'static str, from: &'static str, to: &'static [&'static str]) -> Type {
    Type { name, role: Role::Link(Link { from, to, direction: Direction::Pull }) }
}

/// A type with a use of its own.
pub const fn other(name: &'static str, other: Other) -> Type {
    Type { name, role: Role::Other(other) }
}

/// A field that is a text as an attribute has it.
pub const fn text(name: &'static str, at: &'static str) -> Field {
    Field { name, at, form: Form::Text }
}

/// The port.
pub const fn port(at: &'static str) -> Field {
    Field { name: "port", at, form: Form::Port }
}

/// A field that is written in a form of its own.
pub const fn formed(name: &'static str, at: &'static str, form: Form) -> Field {
    Field { name, at, form }
}
