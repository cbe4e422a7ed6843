//! Scripted rules: what they see, what they report, and what they cannot do.

#[path = "script/asking.rs"]
mod asking;
#[path = "script/description.rs"]
mod description;
#[path = "script/examples.rs"]
mod examples;
#[path = "script/fields.rs"]
mod fields;
#[path = "script/guide.rs"]
mod guide;
#[path = "script/hostile.rs"]
mod hostile;
#[path = "script/testing.rs"]
mod testing;
#[path = "script/values.rs"]
mod values;
