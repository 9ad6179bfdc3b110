#!/usr/bin/env bash
# https beside OpenSSL's own server: client certificates, refused certificates of the server, with what
# exit code and in which words.
. "$(dirname "$0")/expect.sh"

if ! "$loadgen" --version | grep -q '^https: yes'; then
    echo 'skipped: this loadgen was built without OpenSSL; ./scripts/setup.sh installs it'
    exit 77
fi
if [ -z "$(type -P openssl)" ]; then
    echo 'skipped: no openssl to make certificates and be the server; the package of that name has it'
    exit 77
fi

pki=$scratch/pki
mkdir "$pki"
ec=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)
# authority NAME
authority() { openssl req -x509 "${ec[@]}" -keyout "$pki/$1.key" -out "$pki/$1.pem" -subj "/CN=$1" 2>"$scratch/openssl"; }
# certificate NAME AUTHORITY
certificate() {
    openssl req "${ec[@]}" -keyout "$pki/$1.key" -out "$pki/$1.csr" -subj "/CN=$1" 2>"$scratch/openssl" &&
        openssl x509 -req -in "$pki/$1.csr" -CA "$pki/$2.pem" -CAkey "$pki/$2.key" -CAcreateserial -out "$pki/$1.pem" \
            -extfile <(echo 'subjectAltName=IP:127.0.0.1') 2>"$scratch/openssl"
}
if ! { authority ours && authority theirs && certificate server ours && certificate client ours && certificate stranger theirs; }; then
    cat "$scratch/openssl"
    exit 1
fi
openssl pkey -in "$pki/client.key" -aes128 -passout pass:secret -out "$pki/encrypted.key"
cat "$pki/client.key" "$pki/client.pem" >"$pki/both.pem"

# start_tls_server OPTION...: sets $port.
start_tls_server() {
    # shellcheck disable=SC2016
    start_server bash -c 'exec openssl s_server -www "$@" > >(sed -u -n "s/^ACCEPT /listening on /p")' server \
        -accept 127.0.0.1:0 -cert "$pki/server.pem" -key "$pki/server.key" -CAfile "$pki/ours.pem" "$@" \
        2>"$scratch/server" || { cat "$scratch/server"; exit 1; }
    port=${address##*:}
    url=https://127.0.0.1:$port/
}

load=("$loadgen" run -c 4 -n 40 --quiet --cacert "$pki/ours.pem")
for version in 1_2 1_3; do
    start_tls_server "-tls$version" -Verify 1 -verify_return_error
    missing=handshake_failure
    [ "$version" = 1_2 ] || missing=certificate_required
    beyond="no attempt got beyond TLS at 127.0.0.1:$port: the server sent the TLS alert"
    expect_one_line 4 "$beyond $missing; it " "${load[@]}" --fail-on 'lost>0' "$url"
    expect_one_line 4 '--cert FILE sends one' "${load[@]}" -k "$url"
    expect_one_line 4 "$missing" "$loadgen" regress --cacert "$pki/ours.pem" --fixed a --quiet "$url"
    expect_one_line 4 "$beyond unknown_ca; it does not take the client certificate in '$pki/stranger.pem'" \
        "${load[@]}" --cert "$pki/stranger.pem" --key "$pki/stranger.key" "$url"
    expect 0 'answers   40' "${load[@]}" --cert "$pki/client.pem" --key "$pki/client.key" "$url"
    expect 0 'answers   40' "${load[@]}" --cert "$pki/both.pem" "$url"
    # It gets as far as the answer, which is not that of a DLL.
    expect_one_line 4 'X-Repro-Variant' "$loadgen" regress --cacert "$pki/ours.pem" --cert "$pki/both.pem" --fixed a --quiet "$url"

    by_us="no attempt got beyond TLS at 127.0.0.1:$port: "
    expect_one_line 4 "$by_us""nobody who is trusted here vouches for the server's certificate" \
        "$loadgen" run -n 4 --quiet "$url"
    expect_one_line 4 '--cacert FILE trusts another authority' "$loadgen" run -n 4 --quiet "$url"
    expect_one_line 4 "$by_us""the server's certificate is for 127.0.0.1, not for 'localhost'" \
        "${load[@]}" "https://localhost:$port/"
    expect_that 'another authority would not help' test "$(grep -c cacert "$scratch/errors")" -eq 0
    kill_server
done

expect_one_line 2 '--key needs --cert' "${load[@]}" --key "$pki/client.key" "$url"
expect_one_line 2 "cannot read the file '$pki/none'" "${load[@]}" --cert "$pki/none" "$url"
expect_one_line 2 "cannot read the file '$pki/none'" "${load[@]}" --cert "$pki/client.pem" --key "$pki/none" "$url"
expect_one_line 2 "no private key in PEM format in '$pki/client.pem'" "${load[@]}" --cert "$pki/client.pem" "$url"
expect_one_line 2 "in '$pki/stranger.key' is not that of the certificate in '$pki/client.pem'" \
    "${load[@]}" --cert "$pki/client.pem" --key "$pki/stranger.key" "$url"
expect_one_line 2 "the private key in '$pki/encrypted.key' is encrypted" \
    "${load[@]}" --cert "$pki/client.pem" --key "$pki/encrypted.key" "$url"
finish
