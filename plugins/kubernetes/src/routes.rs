//! What leads traffic from outside to workloads: Ingress, the routes of the Gateway API, of Istio, Traefik and OpenShift.

use spec_engine_evidence::tree::{Node, Place};

use crate::directory::Directory;
use crate::object::{Object, inner, text};
use crate::workload::Workload;

/// The interfaces in which routes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Interface {
    Ingress,
    Gateway,
    Istio,
    Traefik,
    OpenShift,
}

/// A way in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// What it is: `Ingress shop`.
    pub name: String,
    interface: Interface,
    /// Where it stands.
    pub place: Place,
    /// The position of the address that it leads to.
    pub address: usize,
    /// The port of that.
    pub port: Option<u16>,
}

/// A backend as an object names it.
struct Backend<'a> {
    host: &'a str,
    namespace: &'a str,
    port: Option<&'a str>,
}

/// All ways in, each once. What leads to no Service of the files is handed to `dangling`.
pub fn routes(objects: &[Object], directory: &Directory<'_>, dangling: &mut dyn FnMut(&Object, &str)) -> Vec<Route> {
    let mut routes: Vec<Route> = Vec::new();
    for object in objects {
        let Some(interface) = interface(object) else { continue };
        for Backend { host, namespace, port } in backends(object, interface) {
            let Some(address) = directory.resolve(host, namespace) else {
                dangling(object, host);
                continue;
            };
            let own = &directory.addresses[address];
            let only = || if let [port] = own.ports.as_slice() { Some(port.port.number) } else { None };
            let port = port.and_then(|port| own.number(port)).or_else(only);
            let name = format!("{} `{}`", object.kind, object.name);
            if !routes
                .iter()
                .rev()
                .take(MAX_SAME)
                .any(|route| route.name == name && route.address == address && route.port == port)
            {
                routes.push(Route { name, interface, place: object.place, address, port });
            }
        }
    }
    routes
}

/// How many of the last routes a new one is compared with: those of one object follow each other.
const MAX_SAME: usize = 100;

/// Whether an object is a way in.
pub fn is_route(object: &Object) -> bool {
    interface(object).is_some()
}

/// The interface of a way in; `None` for other objects.
fn interface(object: &Object) -> Option<Interface> {
    match (object.kind.as_str(), object.group.as_str()) {
        ("Ingress", "networking.k8s.io" | "extensions") => Some(Interface::Ingress),
        ("HTTPRoute" | "GRPCRoute" | "TCPRoute" | "TLSRoute" | "UDPRoute", "gateway.networking.k8s.io") => {
            Some(Interface::Gateway)
        }
        ("VirtualService", "networking.istio.io") => Some(Interface::Istio),
        ("IngressRoute" | "IngressRouteTCP", "traefik.io" | "traefik.containo.us") => Some(Interface::Traefik),
        ("Route", "route.openshift.io") => Some(Interface::OpenShift),
        _ => None,
    }
}

fn backends(object: &Object, interface: Interface) -> Vec<Backend<'_>> {
    let Some(spec) = object.spec() else { return Vec::new() };
    let namespace = object.namespace.as_str();
    let mut found = Vec::new();
    match interface {
        Interface::Ingress => {
            let of_rules = list(spec, "rules").filter_map(|rule| rule.get("http")).flat_map(|http| list(http, "paths"));
            let of_rules = of_rules.filter_map(|path| path.get("backend"));
            let default = ["defaultBackend", "backend"].into_iter().filter_map(|field| spec.get(field));
            for backend in default.chain(of_rules) {
                let service = backend.get("service");
                let host = service.and_then(|own| text(own, "name")).or_else(|| text(backend, "serviceName"));
                let port = service.and_then(|own| own.get("port"));
                let port = port.and_then(|port| text(port, "number").or_else(|| text(port, "name")));
                let port = port.or_else(|| text(backend, "servicePort"));
                found.extend(host.map(|host| Backend { host, namespace, port }));
            }
        }
        Interface::Istio => {
            let gateways = list(spec, "gateways").filter_map(Node::text);
            if gateways.clone().all(|gateway| gateway == "mesh") {
                // It says how services of the mesh reach each other.
                return found;
            }
            let rules = ["http", "tls", "tcp"].into_iter().flat_map(|field| list(spec, field));
            let destinations = rules.flat_map(|rule| list(rule, "route")).filter_map(|route| route.get("destination"));
            found.extend(destinations.filter_map(|destination| {
                let port = destination.get("port").and_then(|port| text(port, "number"));
                Some(Backend { host: text(destination, "host")?, namespace, port })
            }));
        }
        Interface::Traefik => {
            let services = list(spec, "routes").flat_map(|route| list(route, "services"));
            found.extend(services.filter_map(|service| {
                let namespace = text(service, "namespace").unwrap_or(namespace);
                Some(Backend { host: text(service, "name")?, namespace, port: text(service, "port") })
            }));
        }
        Interface::OpenShift => {
            let others = list(spec, "alternateBackends");
            let port = inner(spec, &["port", "targetPort"]).and_then(Node::text);
            found.extend(
                spec.get("to")
                    .into_iter()
                    .chain(others)
                    .filter_map(|to| Some(Backend { host: text(to, "name")?, namespace, port })),
            );
        }
        Interface::Gateway => {
            let backends = list(spec, "rules").flat_map(|rule| list(rule, "backendRefs"));
            let services = backends.filter(|own| text(own, "kind").is_none_or(|kind| kind == "Service"));
            found.extend(services.filter_map(|service| {
                let namespace = text(service, "namespace").unwrap_or(namespace);
                Some(Backend { host: text(service, "name")?, namespace, port: text(service, "port") })
            }));
        }
    }
    found
}

fn list<'n>(node: &'n Node, field: &str) -> std::slice::Iter<'n, Node> {
    node.get(field).map_or(&[][..], Node::items).iter()
}

/// Images that lead traffic in, by the last segments of their names, each with the interfaces that it reads.
const CONTROLLERS: &[(&str, &[Interface])] = &[
    ("ingress-nginx/controller", &[Interface::Ingress]),
    ("nginx/nginx-ingress", &[Interface::Ingress]),
    ("nginx-ingress-controller", &[Interface::Ingress]),
    ("traefik", &[Interface::Ingress, Interface::Gateway, Interface::Traefik]),
    ("kong", &[Interface::Ingress, Interface::Gateway]),
    ("kong-gateway", &[Interface::Ingress, Interface::Gateway]),
    ("haproxytech/kubernetes-ingress", &[Interface::Ingress, Interface::Gateway]),
    ("projectcontour/contour", &[Interface::Ingress, Interface::Gateway]),
    ("envoyproxy/gateway", &[Interface::Gateway]),
    ("nginx-gateway-fabric", &[Interface::Gateway]),
];

/// What a proxy of Istio reads that stands at the edge of the mesh.
const ISTIO: &[Interface] = &[Interface::Istio, Interface::Gateway, Interface::Ingress];

/// The workloads that lead traffic in.
pub struct Controllers(Vec<(usize, &'static [Interface])>);

impl Controllers {
    /// Those among workloads, by their images.
    pub fn of(workloads: &[Workload<'_>]) -> Self {
        let interfaces = |workload: &Workload<'_>| {
            let image = workload.image.name.as_str();
            if image.ends_with("/proxyv2") && workload.object.name.contains("ingressgateway") {
                return Some(ISTIO);
            }
            let is = |name: &str| image.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'));
            CONTROLLERS.iter().find(|(name, _)| is(name)).map(|&(_, interfaces)| interfaces)
        };
        let all = workloads.iter().enumerate();
        Self(all.filter_map(|(position, workload)| Some((position, interfaces(workload)?))).collect())
    }

    /// The position of the workload that runs a route, where exactly one reads its interface.
    pub fn of_route(&self, route: &Route) -> Option<usize> {
        let mut found = self.0.iter().filter(|(_, interfaces)| interfaces.contains(&route.interface));
        found.next().map(|&(position, _)| position).filter(|_| found.next().is_none())
    }
}
