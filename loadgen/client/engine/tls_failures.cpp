#include "client/engine/tls_failures.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <ctime>
#include <memory>
#include <vector>

#ifdef __GNUC__ // Boost's categories live for ever: their destructor is protected, and not virtual
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
#endif

namespace loadgen {
namespace {

using boost::system::error_code;

struct Alert {
    int number;
    std::string_view name;
};

// RFC 8446, 6, and RFC 5246, 7.2. OpenSSL has words for some of them only.
constexpr std::array alerts = {
    Alert{10, "unexpected_message"},      Alert{20, "bad_record_mac"},
    Alert{21, "decryption_failed"},       Alert{22, "record_overflow"},
    Alert{30, "decompression_failure"},   Alert{40, "handshake_failure"},
    Alert{41, "no_certificate"},          Alert{42, "bad_certificate"},
    Alert{43, "unsupported_certificate"}, Alert{44, "certificate_revoked"},
    Alert{45, "certificate_expired"},     Alert{46, "certificate_unknown"},
    Alert{47, "illegal_parameter"},       Alert{48, "unknown_ca"},
    Alert{49, "access_denied"},           Alert{50, "decode_error"},
    Alert{51, "decrypt_error"},           Alert{60, "export_restriction"},
    Alert{70, "protocol_version"},        Alert{71, "insufficient_security"},
    Alert{80, "internal_error"},          Alert{86, "inappropriate_fallback"},
    Alert{90, "user_canceled"},           Alert{100, "no_renegotiation"},
    Alert{109, "missing_extension"},      Alert{110, "unsupported_extension"},
    Alert{112, "unrecognized_name"},      Alert{113, "bad_certificate_status_response"},
    Alert{115, "unknown_psk_identity"},   Alert{116, "certificate_required"},
    Alert{120, "no_application_protocol"}};

constexpr std::string_view alert_prefix = "alert ";

class AlertCategory final : public boost::system::error_category {
  public:
    const char* name() const noexcept override { return "loadgen.alert"; }
    std::string message(int number) const override {
        for (const Alert& alert : alerts)
            if (alert.number == number)
                return fmt::format("{}{}", alert_prefix, alert.name);
        return fmt::format("{}{}", alert_prefix, number);
    }
};

class CertificateCategory final : public boost::system::error_category {
  public:
    const char* name() const noexcept override { return "loadgen.certificate"; }
    std::string message(int error) const override { return X509_verify_cert_error_string(error); }
};

const AlertCategory& alert_category() {
    static const AlertCategory category;
    return category;
}

const CertificateCategory& certificate_category() {
    static const CertificateCategory category;
    return category;
}

std::string utc(const ASN1_TIME* time) {
    std::tm parts{};
    return ASN1_TIME_to_tm(time, &parts) == 1 ? fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", parts)
                                              : std::string("a time that cannot be read");
}

std::string text_of(const ASN1_STRING* string) {
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
            static_cast<std::size_t>(ASN1_STRING_length(string))};
}

std::string text_of_address(const ASN1_OCTET_STRING* bytes) {
    namespace ip = boost::asio::ip;
    const auto raw = [&](auto array) {
        std::memcpy(array.data(), ASN1_STRING_get0_data(bytes), array.size());
        return array;
    };
    if (ASN1_STRING_length(bytes) == 4)
        return ip::make_address_v4(raw(ip::address_v4::bytes_type{})).to_string();
    if (ASN1_STRING_length(bytes) == 16)
        return ip::make_address_v6(raw(ip::address_v6::bytes_type{})).to_string();
    return "an address that is none";
}

std::string common_name(const X509* certificate) {
    const X509_NAME* const subject = X509_get_subject_name(certificate);
    const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    return at < 0 ? std::string{} : text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
}

// Of the hosts and addresses that it is for. RFC 6125, 6.4.4: the common name counts where there are no
// others.
std::vector<std::string> names_of(const X509* certificate) {
    struct Free {
        void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
    };
    const std::unique_ptr<GENERAL_NAMES, Free> alternatives(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    std::vector<std::string> names;
    for (int i = 0; alternatives && i < sk_GENERAL_NAME_num(alternatives.get()); ++i) {
        const GENERAL_NAME* const name = sk_GENERAL_NAME_value(alternatives.get(), i);
        if (name->type == GEN_DNS)
            names.push_back(text_of(name->d.dNSName));
        else if (name->type == GEN_IPADD)
            names.push_back(text_of_address(name->d.iPAddress));
    }
    if (names.empty())
        names.push_back(common_name(certificate));
    return names;
}

std::string listed(const std::vector<std::string>& names) {
    constexpr std::size_t most = 4;
    std::string text = fmt::format(
        "{}", fmt::join(names.begin(),
                        names.begin() + static_cast<std::ptrdiff_t>(std::min(most, names.size())), ", "));
    return names.size() > most ? fmt::format("{} and {} more", text, names.size() - most) : text;
}

bool lacks_an_authority(int error) {
    constexpr std::array errors = {
        X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,     X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
        X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,       X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
        X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_CERT_UNTRUSTED};
    return std::find(errors.begin(), errors.end(), error) != errors.end();
}

// What the server has against the client's end, as far as an alert says it.
std::string about_alert(std::string_view alert, const std::string& host,
                        const std::string& certificate_file) {
    constexpr std::array of_certificates = {
        "no_certificate",      "bad_certificate",     "certificate_revoked", "unsupported_certificate",
        "certificate_expired", "certificate_unknown", "unknown_ca",          "access_denied",
        "decrypt_error",       "certificate_required"};
    const bool of_certificate =
        std::find(of_certificates.begin(), of_certificates.end(), alert) != of_certificates.end();
    if (of_certificate && !certificate_file.empty())
        return fmt::format("it does not take the client certificate in '{}'", certificate_file);
    if (of_certificate)
        return "it wants a client certificate: --cert FILE sends one";
    if (alert == "handshake_failure" && certificate_file.empty())
        return "it may want a client certificate (--cert FILE sends one), or a cipher that is not allowed "
               "here";
    if (alert == "protocol_version")
        return "it speaks no version of TLS that is allowed here";
    if (alert == "unrecognized_name")
        return fmt::format("it has no host '{}'", host);
    return "events.csv has each error";
}

} // namespace

error_code named_tls_failure(const error_code& error, const SSL* connection) {
    if (error.category() != boost::asio::error::get_ssl_category())
        return error;
    const auto value = static_cast<unsigned long>(error.value());
    if (ERR_GET_LIB(value) != ERR_LIB_SSL)
        return error;
    const int reason = ERR_GET_REASON(value);
    constexpr int highest_alert = 255;
    if (reason >= SSL_AD_REASON_OFFSET && reason <= SSL_AD_REASON_OFFSET + highest_alert)
        return {reason - SSL_AD_REASON_OFFSET, alert_category()};
    const long verdict = SSL_get_verify_result(connection);
    if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED && verdict != X509_V_OK)
        return {static_cast<int>(verdict), certificate_category()};
    return error;
}

bool is_named_tls_failure(const error_code& error) {
    return error.category() == alert_category() || error.category() == certificate_category();
}

std::string about_certificate(X509_STORE_CTX* verification, const std::string& host) {
    constexpr std::string_view all_the_same = "--insecure loads it all the same";
    const int error = X509_STORE_CTX_get_error(verification);
    const X509* const certificate = X509_STORE_CTX_get_current_cert(verification);
    const std::string which =
        X509_STORE_CTX_get_error_depth(verification) == 0 || certificate == nullptr
            ? "the server's certificate"
            : fmt::format("the certificate '{}' behind the server's", common_name(certificate));
    const std::string reason = X509_verify_cert_error_string(error);
    if (lacks_an_authority(error))
        return fmt::format("nobody who is trusted here vouches for the server's certificate ({}); --cacert "
                           "FILE trusts another authority, --insecure anyone",
                           reason);
    if (error == X509_V_ERR_CERT_HAS_EXPIRED && certificate != nullptr)
        return fmt::format("{} expired on {}; {}", which, utc(X509_get0_notAfter(certificate)), all_the_same);
    if (error == X509_V_ERR_CERT_NOT_YET_VALID && certificate != nullptr)
        return fmt::format("{} is not valid before {}; {}", which, utc(X509_get0_notBefore(certificate)),
                           all_the_same);
    if ((error == X509_V_ERR_HOSTNAME_MISMATCH || error == X509_V_ERR_IP_ADDRESS_MISMATCH) &&
        certificate != nullptr)
        return fmt::format("{} is for {}, not for '{}'; use a name that it has in the URL, or --insecure",
                           which, listed(names_of(certificate)), host);
    return fmt::format("{} is refused: {}; {}", which, reason, all_the_same);
}

std::string about_tls_failure(std::string_view message, const std::string& host,
                              const std::string& certificate_file) {
    if (message.starts_with(alert_prefix)) {
        message.remove_prefix(alert_prefix.size());
        return fmt::format("the server sent the TLS alert {}; {}", message,
                           about_alert(message, host, certificate_file));
    }
    if (message.starts_with("wrong version number"))
        return fmt::format("what answers there is not TLS ({}): is it an http:// URL?", message);
    if (message == "stream truncated")
        return "the server closed the connection during the TLS handshake";
    return fmt::format("{}; events.csv has each error", message);
}

} // namespace loadgen
