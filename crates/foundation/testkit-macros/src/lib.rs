//! The attribute `#[testkit::db_test]`.

use proc_macro::{TokenStream, TokenTree};

/// Turns `async fn name(db: Db) { … }` into the tests `name::sqlite` and `name::postgres`, each with a migrated database of its
/// own that is removed afterwards. The function may return nothing or a `Result` whose error is `Debug`.
#[proc_macro_attribute]
pub fn db_test(_: TokenStream, item: TokenStream) -> TokenStream {
    let mut tokens = item.clone().into_iter();
    let name = loop {
        match tokens.next() {
            Some(TokenTree::Ident(word)) if word.to_string() == "fn" => break tokens.next(),
            Some(_) => {}
            None => break None,
        }
    };
    let Some(TokenTree::Ident(name)) = name else {
        return "compile_error!(\"#[db_test] stands before an async fn\");".parse().unwrap_or_default();
    };
    // The function itself keeps its tokens, and with them the places that errors point at. The second #[cfg(test)] falls on
    // it, so that lints know it for a test.
    let tests: TokenStream = format!(
        "#[cfg(test)]
        mod {name} {{
            #[test]
            fn sqlite() {{ ::testkit::run(::testkit::Engine::Sqlite, super::{name}); }}
            #[test]
            fn postgres() {{ ::testkit::run(::testkit::Engine::Postgres, super::{name}); }}
        }}
        #[cfg(test)]"
    )
    .parse()
    .unwrap_or_default();
    tests.into_iter().chain(item).collect()
}
