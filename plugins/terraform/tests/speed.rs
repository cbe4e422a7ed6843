//! The time of an import grows with the number of resources, and no faster.

use std::fmt::Write as _;

use spec_engine_terraform::{Options, import};

use crate::growth;
use crate::support::file;

/// A state as it lies in a bucket: of every three resources one is a function, one what it uses, one of no kind.
fn state(functions: usize) -> String {
    let mut text = String::from(
        "{\n\"version\": 4,\n\"terraform_version\": \"1.9.8\",\n\"serial\": 1,\n\"lineage\": \"l\",\n\"resources\": [\n",
    );
    for number in 0..functions {
        let _ = write!(
            text,
            "{{\"mode\": \"managed\", \"type\": \"aws_iam_policy\", \"name\": \"p{number}\", \"instances\": [{{\"attributes\": {{\"name\": \"p{number}\", \"policy\": \"{{}}\"}}}}]}},
{{\"mode\": \"managed\", \"type\": \"aws_sqs_queue\", \"name\": \"q{number}\", \"instances\": [{{\"attributes\": {{\"name\": \"q{number}\", \"arn\": \"arn:aws:sqs:e:1:q{number}\"}}}}]}},
{{\"mode\": \"managed\", \"type\": \"aws_lambda_function\", \"name\": \"f{number}\", \"instances\": [{{\"attributes\": {{\"function_name\": \"f{number}\", \"arn\": \"arn:aws:lambda:e:1:function:f{number}\",
\"image_uri\": \"acme/f:{number}\", \"environment\": [{{\"variables\": {{\"QUEUE\": \"arn:aws:sqs:e:1:q{number}\", \"NEXT\": \"arn:aws:lambda:e:1:function:f{}\", \"LOG\": \"info\"}}}}]}}, \"dependencies\": [\"aws_sqs_queue.q{number}\"]}}]}},\n",
            (number + 1) % functions
        );
    }
    text.push_str("{\"mode\": \"data\", \"type\": \"aws_caller_identity\", \"name\": \"me\", \"instances\": []}]}\n");
    text
}

#[test]
fn the_time_grows_with_the_resources() {
    growth::check_linear(
        750,
        |functions| [file("terraform.tfstate", &state(functions))],
        |files| {
            let imported = import(files, &Options::default()).expect("a document comes out");
            assert!(imported.document.len() > 75_000);
        },
    );
}
