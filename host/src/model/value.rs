//! A document as a tree: each object with its fields by name, in the order of the format.
//!
//! What has to see every field (the scripts, the comparison of two versions, the search for credentials) walks this tree
//! and names none. Which fields there are is in `fields.rs`.

use serde::Serialize;

use super::{
    Bindings, Connection, ContainerImage, Deployments, Endpoint, FieldValue, GitRepo, HelmDeployment, Map, Network,
    NetworkRule, Owner, Path, Port, Resource, Service, ServiceEnvVars, Step, System, TerraformDeployment, Text,
};

/// A value of a document.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value<'a> {
    /// A string.
    Text(&'a str),
    /// A port.
    Port(Port),
    /// An object whose fields the format names.
    Object(Object<'a>),
    /// A map of objects.
    Map(Entries<'a>),
    /// A list.
    List(Elements<'a>),
}

/// A field of an object.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Field<'a> {
    /// The name in the document.
    pub name: &'static str,
    /// The value; `None` where the document has none. A map or a list that the document does not have is empty.
    pub value: Option<Value<'a>>,
}

macro_rules! objects {
    ($($variant:ident)+) => {
        /// An object of a document.
        #[derive(Clone, Copy, Debug, PartialEq, Serialize)]
        #[serde(untagged)]
        #[expect(missing_docs, reason = "each variant is documented by its type")]
        pub enum Object<'a> {
            $($variant(&'a $variant)),+
        }

        impl<'a> Object<'a> {
            /// The name of its type: `Service`; of bindings, `aws`; of a resource, `aws.rds`.
            pub fn type_name(self) -> &'static str {
                match self {
                    $(Self::$variant(object) => object.type_name()),+
                }
            }

            /// The field at a position in the format; `None` behind the last.
            pub fn field_at(self, position: usize) -> Option<Field<'a>> {
                match self {
                    $(Self::$variant(object) => object.field_at(position)),+
                }
            }

            /// Finds the position of a field by its name.
            pub fn position(self, name: &str) -> Option<usize> {
                match self {
                    $(Self::$variant(object) => object.position(name)),+
                }
            }

            /// Visits every string in it, with the way that leads there.
            pub fn each_text(self, visit: TextVisitor<'_, 'a>) {
                match self {
                    $(Self::$variant(object) => Fields::each_text(object, Path::default(), visit)),+
                }
            }

            fn filled_at(self, position: usize) -> Option<Field<'a>> {
                match self {
                    $(Self::$variant(object) => object.filled_at(position)),+
                }
            }
        }

        $(impl<'a> From<&'a $variant> for Object<'a> {
            fn from(object: &'a $variant) -> Self {
                Self::$variant(object)
            }
        })+
    };
}

objects! {
    System Owner Service GitRepo ContainerImage ServiceEnvVars Connection Endpoint Bindings Resource Network NetworkRule
    Deployments HelmDeployment TerraformDeployment
}

impl<'a> Object<'a> {
    /// Iterates over the fields that the format gives it, in the order of the format.
    pub fn fields(self) -> impl Iterator<Item = Field<'a>> {
        (0..).map_while(move |position| self.field_at(position))
    }

    /// Iterates over the values that the document gives it, with the names of their fields. Bindings are in the order of
    /// the document.
    pub fn values(self) -> impl Iterator<Item = (&'static str, Value<'a>)> {
        (0..).map_while(move |position| self.filled_at(position)).filter_map(|field| Some((field.name, field.value?)))
    }
}

macro_rules! entries {
    ($($(#[$doc:meta])* $variant:ident: $object:ty),+ $(,)?) => {
        /// A map of a document, from names to objects.
        #[derive(Clone, Copy, Debug, PartialEq, Serialize)]
        #[serde(untagged)]
        pub enum Entries<'a> {
            $($(#[$doc])* $variant(&'a Map<$object>)),+
        }

        impl<'a> Entries<'a> {
            /// The number of entries.
            pub fn len(self) -> usize {
                match self {
                    $(Self::$variant(map) => map.len()),+
                }
            }

            /// The entry at a position.
            pub fn get(self, position: usize) -> Option<(&'a Text, Object<'a>)> {
                match self {
                    $(Self::$variant(map) => map.get_index(position).map(|(name, object)| (name, object.into()))),+
                }
            }

            /// Finds the position of an entry by its name.
            pub fn position(self, name: &str) -> Option<usize> {
                match self {
                    $(Self::$variant(map) => map.get_index_of(name)),+
                }
            }
        }

        $(impl FieldRead for Map<$object> {
            fn read(&self) -> Option<Value<'_>> {
                Some(Value::Map(Entries::$variant(self)))
            }

            fn each_text<'a>(&'a self, path: Path<'_>, visit: TextVisitor<'_, 'a>) {
                self.iter().for_each(|(name, object)| Fields::each_text(object, path.join(Step::Name(name)), visit));
            }
        })+
    };
}

entries! {
    /// Owners by id.
    Owners: Owner,
    /// Services by name.
    Services: Service,
    /// Connections by the name of their target.
    Connections: Connection,
    /// Networks by name.
    Networks: Network,
    /// Helm releases by name.
    Helm: HelmDeployment,
    /// Terraform modules by name.
    Terraform: TerraformDeployment,
}

impl<'a> Entries<'a> {
    /// Whether there are no entries.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Iterates over the entries.
    pub fn iter(self) -> impl Iterator<Item = (&'a Text, Object<'a>)> {
        (0..).map_while(move |position| self.get(position))
    }
}

macro_rules! elements {
    ($($(#[$doc:meta])* $variant:ident: $element:ty => $value:expr, $each:expr;)+) => {
        /// A list of a document.
        #[derive(Clone, Copy, Debug, PartialEq, Serialize)]
        #[serde(untagged)]
        pub enum Elements<'a> {
            $($(#[$doc])* $variant(&'a [$element])),+
        }

        impl<'a> Elements<'a> {
            /// The number of elements.
            pub fn len(self) -> usize {
                match self {
                    $(Self::$variant(list) => list.len()),+
                }
            }

            /// The element at a position.
            pub fn get(self, position: usize) -> Option<Value<'a>> {
                match self {
                    $(Self::$variant(list) => list.get(position).map($value)),+
                }
            }
        }

        $(impl FieldRead for Vec<$element> {
            fn read(&self) -> Option<Value<'_>> {
                Some(Value::List(Elements::$variant(self)))
            }

            fn each_text<'a>(&'a self, path: Path<'_>, visit: TextVisitor<'_, 'a>) {
                for (position, element) in self.iter().enumerate() {
                    $each(element, path.join(Step::Index(position)), visit);
                }
            }
        })+
    };
}

elements! {
    /// Strings.
    Texts: Text => |text| Value::Text(text), FieldRead::each_text;
    /// Endpoints.
    Endpoints: Endpoint => |endpoint| Value::Object(endpoint.into()), Fields::each_text;
    /// Resources of one kind.
    Resources: Resource => |resource| Value::Object(resource.into()), Fields::each_text;
    /// Network rules.
    Rules: NetworkRule => |rule| Value::Object(rule.into()), Fields::each_text;
}

impl<'a> Elements<'a> {
    /// Whether there are no elements.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Iterates over the elements.
    pub fn iter(self) -> impl Iterator<Item = Value<'a>> {
        (0..).map_while(move |position| self.get(position))
    }
}

impl<'a> From<&'a FieldValue> for Value<'a> {
    fn from(value: &'a FieldValue) -> Self {
        match value {
            FieldValue::Text(text) => Self::Text(text),
            FieldValue::Port(port) => Self::Port(*port),
            FieldValue::List(list) => Self::List(Elements::Texts(list)),
        }
    }
}

/// What is called with each string, and the way that leads there.
pub type TextVisitor<'v, 'a> = &'v mut dyn FnMut(Path<'_>, &'a str);

/// An object with fields.
pub(super) trait Fields {
    fn type_name(&self) -> &'static str;

    fn field_at(&self, position: usize) -> Option<Field<'_>>;

    /// The field at a position among those that the document may have filled; `None` behind the last.
    fn filled_at(&self, position: usize) -> Option<Field<'_>> {
        self.field_at(position)
    }

    fn position(&self, name: &str) -> Option<usize>;

    fn each_text<'a>(&'a self, path: Path<'_>, visit: TextVisitor<'_, 'a>);
}

/// A field of a struct.
pub(super) trait FieldRead {
    fn read(&self) -> Option<Value<'_>>;

    fn each_text<'a>(&'a self, path: Path<'_>, visit: TextVisitor<'_, 'a>);
}
