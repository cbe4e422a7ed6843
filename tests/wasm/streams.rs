//! WASI's streams and pollables: what a guest lends to the host it gets back, and what it writes is in the log.

use std::sync::{Arc, Mutex};

use serde_json::json;
use spec_engine::graph::Graph;
use spec_engine::limits::ComponentLimits;
use spec_engine::model::System;
use spec_engine::plugin::{ComponentFault, PluginError};
use spec_engine::wasm::{Cache, Host};

use super::guest::Guest;
use crate::support::renderers::draw;

/// What of WASI has a resource as a parameter, and is answered.
const WASI: (&str, &str) = (
    "package wasi:cli@0.2.3;
    interface stdin { use wasi:io/streams@0.2.3.{input-stream}; get-stdin: func() -> input-stream; }
    interface stdout { use wasi:io/streams@0.2.3.{output-stream}; get-stdout: func() -> output-stream; }
    interface stderr { use wasi:io/streams@0.2.3.{output-stream}; get-stderr: func() -> output-stream; }
    package wasi:clocks@0.2.3 {
      interface monotonic-clock {
        use wasi:io/poll@0.2.3.{pollable};
        subscribe-duration: func(when: u64) -> pollable;
      }
    }
    package wasi:io@0.2.3 {
      interface error { resource error; }
      interface poll {
        resource pollable { ready: func() -> bool; block: func(); }
        poll: func(in: list<borrow<pollable>>) -> list<u32>;
      }
      interface streams {
        use error.{error};
        use poll.{pollable};
        variant stream-error { last-operation-failed(error), closed }
        resource input-stream {
          read: func(len: u64) -> result<list<u8>, stream-error>;
          blocking-read: func(len: u64) -> result<list<u8>, stream-error>;
          skip: func(len: u64) -> result<u64, stream-error>;
          blocking-skip: func(len: u64) -> result<u64, stream-error>;
          subscribe: func() -> pollable;
        }
        resource output-stream {
          check-write: func() -> result<u64, stream-error>;
          write: func(contents: list<u8>) -> result<_, stream-error>;
          blocking-write-and-flush: func(contents: list<u8>) -> result<_, stream-error>;
          flush: func() -> result<_, stream-error>;
          blocking-flush: func() -> result<_, stream-error>;
          subscribe: func() -> pollable;
          splice: func(src: borrow<input-stream>, len: u64) -> result<u64, stream-error>;
        }
      }
    }",
    "import wasi:cli/stdin@0.2.3; import wasi:cli/stdout@0.2.3; import wasi:cli/stderr@0.2.3;
    import wasi:clocks/monotonic-clock@0.2.3; import wasi:io/poll@0.2.3; import wasi:io/streams@0.2.3;",
);

const IMPORTS: &str = r#"
  (import "spec-engine:plugin/host@0.1.1" "log" (func $log (param i32 i32 i32)))
  (import "wasi:cli/stdin@0.2.3" "get-stdin" (func $stdin (result i32)))
  (import "wasi:cli/stdout@0.2.3" "get-stdout" (func $stdout (result i32)))
  (import "wasi:cli/stderr@0.2.3" "get-stderr" (func $stderr (result i32)))
  (import "wasi:clocks/monotonic-clock@0.2.3" "subscribe-duration" (func $wait (param i64) (result i32)))
  (import "wasi:io/poll@0.2.3" "[method]pollable.ready" (func $ready (param i32) (result i32)))
  (import "wasi:io/poll@0.2.3" "[method]pollable.block" (func $block (param i32)))
  (import "wasi:io/poll@0.2.3" "poll" (func $poll (param i32 i32 i32)))
  (import "wasi:io/poll@0.2.3" "[resource-drop]pollable" (func $drop-pollable (param i32)))
  (import "wasi:io/streams@0.2.3" "[method]input-stream.read" (func $read (param i32 i64 i32)))
  (import "wasi:io/streams@0.2.3" "[method]input-stream.blocking-read" (func $blocking-read (param i32 i64 i32)))
  (import "wasi:io/streams@0.2.3" "[method]input-stream.skip" (func $skip (param i32 i64 i32)))
  (import "wasi:io/streams@0.2.3" "[method]input-stream.blocking-skip" (func $blocking-skip (param i32 i64 i32)))
  (import "wasi:io/streams@0.2.3" "[method]input-stream.subscribe" (func $can-read (param i32) (result i32)))
  (import "wasi:io/streams@0.2.3" "[method]output-stream.check-write" (func $check-write (param i32 i32)))
  (import "wasi:io/streams@0.2.3" "[method]output-stream.write" (func $write (param i32 i32 i32 i32)))
  (import "wasi:io/streams@0.2.3" "[method]output-stream.blocking-write-and-flush" (func $write-all (param i32 i32 i32 i32)))
  (import "wasi:io/streams@0.2.3" "[method]output-stream.flush" (func $flush (param i32 i32)))
  (import "wasi:io/streams@0.2.3" "[method]output-stream.blocking-flush" (func $blocking-flush (param i32 i32)))
  (import "wasi:io/streams@0.2.3" "[method]output-stream.subscribe" (func $can-write (param i32) (result i32)))
  (import "wasi:io/streams@0.2.3" "[method]output-stream.splice" (func $splice (param i32 i32 i64 i32)))
  (import "wasi:io/streams@0.2.3" "[resource-drop]output-stream" (func $drop-output (param i32)))"#;

/// Renders with a body that uses WASI, and returns what it logged.
fn log_of(body: &str) -> Result<String, PluginError> {
    let guest = Guest {
        wasi: WASI,
        imports: IMPORTS.into(),
        ..Guest::rendering(&format!("(local.set $i (call $stdout)) {body} (i32.const 0x200)"))
    };
    let log = Arc::new(Mutex::new(String::new()));
    let into = Arc::clone(&log);
    let hook = move |_: &str, text: &str| into.lock().unwrap().push_str(text);
    let host = Host::new(ComponentLimits::default(), Cache::none()).on_log(Arc::new(hook));
    let component = host.load("bad", &guest.build())?;
    let system = System::default();
    draw(&component, &Graph::of(&system), &json!({}))?;
    let log = log.lock().unwrap().clone();
    Ok(log)
}

/// A call that keeps what it borrowed cannot end: each of these lends something, and the call ends well.
#[test]
fn what_a_guest_lends_it_gets_back() {
    let keep = "(i32.store (i32.const 0xb000) (call $wait (i64.const 1)))";
    for (function, body) in [
        ("read", "(call $read (call $stdin) (i64.const 9) (i32.const 0xa000))"),
        ("blocking-read", "(call $blocking-read (call $stdin) (i64.const 9) (i32.const 0xa000))"),
        ("skip", "(call $skip (call $stdin) (i64.const 9) (i32.const 0xa000))"),
        ("blocking-skip", "(call $blocking-skip (call $stdin) (i64.const 9) (i32.const 0xa000))"),
        ("input subscribe", "(drop (call $can-read (call $stdin)))"),
        ("check-write", "(call $check-write (local.get $i) (i32.const 0xa000))"),
        ("write", "(call $write (local.get $i) (i32.const 0x5000) (i32.const 5) (i32.const 0xa000))"),
        (
            "blocking-write-and-flush",
            "(call $write-all (local.get $i) (i32.const 0x5000) (i32.const 5) (i32.const 0xa000))",
        ),
        ("flush", "(call $flush (local.get $i) (i32.const 0xa000))"),
        ("blocking-flush", "(call $blocking-flush (local.get $i) (i32.const 0xa000))"),
        ("output subscribe", "(drop (call $can-write (local.get $i)))"),
        ("ready", "(drop (call $ready (i32.load (i32.const 0xb000))))"),
        ("block", "(call $block (i32.load (i32.const 0xb000)))"),
        ("poll", "(call $poll (i32.const 0xb000) (i32.const 1) (i32.const 0xa000))"),
        ("drop", "(call $drop-pollable (i32.load (i32.const 0xb000))) (call $drop-output (local.get $i))"),
    ] {
        let twice = format!("{keep} {body}");
        let log = log_of(&twice).unwrap_or_else(|why| panic!("{function}: {why}"));
        assert_eq!(log.is_empty(), !function.contains("write") || function == "check-write", "{function}: {log}");
    }
}

#[test]
fn what_takes_two_resources_and_is_not_granted_says_so() {
    let body = "(call $splice (local.get $i) (call $stdin) (i64.const 1) (i32.const 0xa000))";
    let why = log_of(body).expect_err("it is not granted");
    let PluginError::Component { fault, .. } = why else { panic!("{why:?}") };
    let full = "wasi:io/streams@0.2.3#[method]output-stream.splice";
    assert_eq!(fault, ComponentFault::NotGranted(full.to_owned()));
}

#[test]
fn lines_of_different_streams_stay_apart_in_the_log() {
    let write = |to: &str| format!("(call $write-all {to} (i32.const 0x5000) (i32.const 5) (i32.const 0xa000))");
    let (out, err) = (write("(local.get $i)"), write("(call $stderr)"));
    let log = "(call $log (i32.const 0) (i32.const 0x5000) (i32.const 5))";
    assert_eq!(
        log_of(&format!("{out} {out} {err} {log} {log} {out}")).unwrap(),
        "hellohello\nhello\nerror: hello\nerror: hello\nhello"
    );
}

/// Each handle takes room in the host: wasmtime bounds how many there are.
#[test]
fn handles_without_end_are_stopped() {
    let why = log_of("(loop (drop (call $stdout)) (br 0))").expect_err("it is stopped");
    let PluginError::Component { fault: ComponentFault::Trap(said), .. } = &why else { panic!("{why:?}") };
    assert!(said.contains("handle"), "{said}");
}
