//! The session cookie.

use axum::http::{HeaderMap, HeaderValue, header};

/// The cookie's name. Browsers accept `__Host-` only with Secure, for the whole host and from the host itself, so no other host of
/// the domain can set it; plain HTTP on loopback cannot have it.
pub(crate) fn name(secure: bool) -> &'static str {
    if secure { "__Host-weiting" } else { "weiting" }
}

/// What a request shows under the cookie's name.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Shown<'a> {
    None,
    One(&'a str),
    Several,
}

/// Looks for the cookie in all `Cookie` headers.
pub(super) fn shown<'a>(headers: &'a HeaderMap, name: &str) -> Shown<'a> {
    let mut values = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(key, _)| *key == name)
        .map(|(_, value)| value);
    match (values.next(), values.next()) {
        (None, _) => Shown::None,
        (Some(value), None) => Shown::One(value),
        (Some(_), Some(_)) => Shown::Several,
    }
}

/// The header that sets the cookie for so many seconds. Lax: a link in an SMS opens the app logged in, a form of another site posts
/// without the cookie.
pub(super) fn set(token: &str, seconds: i64, secure: bool) -> HeaderValue {
    let (name, secure) = (name(secure), if secure { "; Secure" } else { "" });
    let text = format!("{name}={token}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{secure}", seconds.max(0));
    let mut value = HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""));
    value.set_sensitive(true);
    value
}

/// The header that removes the cookie.
pub(crate) fn clear(secure: bool) -> HeaderValue {
    set("", 0, secure)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(cookies: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for cookie in cookies {
            headers.append(header::COOKIE, HeaderValue::from_str(cookie).unwrap());
        }
        headers
    }

    #[test]
    fn sr07_one_cookie_of_the_name_is_taken_and_two_are_refused() {
        assert_eq!(shown(&headers(&["a=1; weiting=x; b=2"]), "weiting"), Shown::One("x"));
        assert_eq!(shown(&headers(&["weiting=x; weiting=x"]), "weiting"), Shown::Several);
        assert_eq!(shown(&headers(&["weiting=x", "weiting=y"]), "weiting"), Shown::Several);
        assert_eq!(shown(&headers(&["__Host-weiting=x"]), "weiting"), Shown::None);
        assert_eq!(shown(&headers(&[]), "weiting"), Shown::None);
    }

    #[test]
    fn sr07_the_cookie_is_for_the_host_alone_and_out_of_reach_of_scripts() {
        assert_eq!(set("t", 60, true), "__Host-weiting=t; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure");
        assert_eq!(set("t", 60, false), "weiting=t; Path=/; Max-Age=60; HttpOnly; SameSite=Lax");
        assert_eq!(clear(true), "__Host-weiting=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure");
    }
}
