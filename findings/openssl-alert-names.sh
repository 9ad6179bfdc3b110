#!/usr/bin/env bash
# A program asks OpenSSL for the names of the 27 alerts of TLS 1.3 (RFC 8446, 6).
#
# Version: OpenSSL 3.0.20 (Debian 12's libssl3 and libssl-dev 3.0.20-1~deb12u2).
# Guess: a library that speaks TLS 1.3 has a name for each, and the same one everywhere.
# Behaviour: SSL_alert_desc_string_long() says "unknown" for 109 (missing_extension) and 116
# (certificate_required), which came with TLS 1.3, and for 86 (inappropriate_fallback). ssl.h has
# all three. ERR_reason_error_string() has them, too: the reason of the error that follows an alert
# is 1000 + the alert's number.
# Seen:
#   ssl.h: 86, 109, 116
#   42: bad certificate; sslv3 alert bad certificate
#   86: unknown; tlsv1 alert inappropriate fallback
#   109: unknown; tlsv13 alert missing extension
#   116: unknown; tlsv13 alert certificate required
#   120: no application protocol; tlsv1 alert no application protocol
#   named: 24 of 27
set -euo pipefail

self=$(realpath "${BASH_SOURCE[0]}")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
cannot() {
    echo "openssl-alert-names.sh: $1" >&2
    exit 2
}
command -v gcc >/dev/null || cannot 'there is no gcc'
for package in libssl3=3.0.20-1~deb12u2 libssl-dev=3.0.20-1~deb12u2; do
    apt-get -qq -o APT::Sandbox::User=root download "$package" || cannot "there is no $package"
done
for package in *.deb; do dpkg -x "$package" debian; done
cat >alerts.c <<'C'
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <string.h>

int main(void) {
    const int alerts[] = {0,  10, 20, 22, 40, 42, 43, 44, 45,  46,  47,  48,  49, 50,
                          51, 70, 71, 80, 86, 90, 109, 110, 112, 113, 115, 116, 120};
    const int count = sizeof alerts / sizeof *alerts;
    int named = 0;
    if (strncmp(OpenSSL_version(OPENSSL_VERSION), "OpenSSL 3.0.20 ", 15) != 0) return 1;
    OPENSSL_init_ssl(OPENSSL_INIT_LOAD_SSL_STRINGS, NULL);
    printf("ssl.h: %d, %d, %d\n", SSL_AD_INAPPROPRIATE_FALLBACK, SSL_AD_MISSING_EXTENSION,
           SSL_AD_CERTIFICATE_REQUIRED);
    for (int i = 0; i < count; i++) {
        const char *name = SSL_alert_desc_string_long(alerts[i]);
        const int known = strcmp(name, "unknown") != 0;
        const char *reason = ERR_reason_error_string(ERR_PACK(ERR_LIB_SSL, 0, 1000 + alerts[i]));
        named += known;
        if (!known || alerts[i] == 42 || alerts[i] == 120)
            printf("%d: %s; %s\n", alerts[i], name, reason ? reason : "none");
    }
    printf("named: %d of %d\n", named, count);
}
C
lib=debian/usr/lib/$(gcc -print-multiarch)
gcc -std=c11 -isystem debian/usr/include -isystem "debian/usr/include/$(gcc -print-multiarch)" \
    alerts.c -o alerts -L"$lib" -lssl -lcrypto || cannot 'it does not compile'
LD_LIBRARY_PATH=$lib ./alerts >seen || cannot 'another OpenSSL was loaded'
cat seen
if ! diff <(sed -n 's/^#   //p' "$self") seen >&2; then
    echo 'changed: OpenSSL names the alerts of TLS 1.3 otherwise'
    exit 1
fi
