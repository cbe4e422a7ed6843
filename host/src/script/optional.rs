//! `?.` and `?[`. To rhai they end the whole chain with `()`, which the next function does not take: `if
//! svc.repo?.url.matches("x")` would fail. What is absent reads as empty here, so they are read as `.` and `[`.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;

use rhai::Token;

thread_local! {
    /// The names behind a dot in statements with a `?.`: of `()`, these may be any.
    static NAMES: RefCell<HashSet<String>> = RefCell::default();
    /// Whether a `?.` stands before, in the statement that is being read.
    static SEEN: Cell<bool> = const { Cell::new(false) };
    static AFTER_DOT: Cell<bool> = const { Cell::new(false) };
}

/// Starts anew, for another rule.
pub(super) fn reset() {
    NAMES.take();
    SEEN.set(false);
    AFTER_DOT.set(false);
}

/// Reads a token of a script.
pub(super) fn token(token: Token) -> Token {
    let after_dot = AFTER_DOT.replace(matches!(token, Token::Period | Token::Elvis));
    match token {
        Token::Elvis => {
            SEEN.set(true);
            Token::Period
        }
        Token::QuestionBracket => {
            SEEN.set(true);
            Token::LeftBracket
        }
        Token::SemiColon | Token::LeftBrace | Token::RightBrace => {
            SEEN.set(false);
            token
        }
        Token::Identifier(name) => {
            if after_dot && SEEN.get() {
                NAMES.with_borrow_mut(|names| names.insert(name.to_string()));
            }
            Token::Identifier(name)
        }
        other => other,
    }
}

/// Whether a name follows a `?.`.
pub(super) fn contains(name: &str) -> bool {
    NAMES.with_borrow(|names| names.contains(name))
}
