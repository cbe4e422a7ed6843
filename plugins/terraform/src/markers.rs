//! Texts that stand in the document for what the files do not say. Who compares documents goes by them.

/// The service that resources are put under which no service of the files uses.
pub const UNBOUND: &str = "unbound-resources";

/// The name of the image of a service whose image the files do not say.
pub const NO_IMAGE: &str = "no-image";

/// The source of a module where the files do not say it: a state does not.
pub const NO_SOURCE: &str = "unknown";
