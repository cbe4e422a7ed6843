//! The command `spec-engine`.

fn main() -> std::process::ExitCode {
    spec_engine::cli::run()
}
