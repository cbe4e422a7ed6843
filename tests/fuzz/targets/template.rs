//! A template of any text, with a sidecar.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use spec_engine::engine::Document;
use spec_engine::graph::{Graph, ViewOptions};
use spec_engine::limits::{LimitTable as _, TemplateLimits};
use spec_engine::render::template::Template;
use spec_engine::render::{Embeds, RenderContext, Renderer as _};

#[global_allocator]
static ALLOCATOR: spec_engine::memory::CountingAllocator = spec_engine::memory::CountingAllocator;

static DOCUMENT: LazyLock<Document> =
    LazyLock::new(|| Document::parse("payments.json", include_str!("../../../examples/payments.json")));

fuzz_target!(|text: &str| {
    let (text, sidecar) = text.split_once('\u{1}').unwrap_or((text, ""));
    let mut limits = TemplateLimits::default();
    for (key, value) in [("time", "5s"), ("output-bytes", "1M"), ("memory", "64M")] {
        limits.set(key, value).expect("it is a limit");
    }
    let Ok(template) = Template::within(limits, "fuzz.html.tera", text, Some(sidecar), &[]) else { return };
    let graph = Graph::of(DOCUMENT.system().expect("the example is a document")).view(&ViewOptions::default());
    let options = serde_json::json!({});
    let _ = template.render(&RenderContext { graph: &graph, options: &options, embeds: &Embeds::new(), layouts: &[], findings: &[] });
});
