// A TLS server's certificate, made by the test that needs it.
#pragma once

#include <boost/asio/ssl/context.hpp>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <filesystem>
#include <memory>
#include <string>

namespace loadgen {

/// Self-signed, P-256, for the address 127.0.0.1, valid for an hour. Its files are the folder's.
class TlsCertificate {
  public:
    explicit TlsCertificate(const std::filesystem::path& folder)
        : certificate_file_((folder / "certificate.pem").string()), key_file_((folder / "key.pem").string()) {
        const Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
        const Certificate certificate = self_signed(key.get());
        // Not std::FILE: on Windows OpenSSL may have another C run-time than the program.
        PEM_write_bio_X509(File(BIO_new_file(certificate_file_.c_str(), "w")).get(), certificate.get());
        PEM_write_bio_PrivateKey(File(BIO_new_file(key_file_.c_str(), "w")).get(), key.get(), nullptr,
                                 nullptr, 0, nullptr, nullptr);
    }

    /// In PEM: what a client has to trust.
    const std::string& file() const { return certificate_file_; }

    void configure(boost::asio::ssl::context& server) const {
        server.use_certificate_file(certificate_file_, boost::asio::ssl::context::pem);
        server.use_private_key_file(key_file_, boost::asio::ssl::context::pem);
    }

  private:
    template <auto Free>
    struct Freed {
        void operator()(auto* pointer) const { Free(pointer); }
    };
    using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
    using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
    using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;
    using File = std::unique_ptr<BIO, Freed<BIO_free>>;

    static Certificate self_signed(EVP_PKEY* key) {
        Certificate certificate(X509_new());
        X509_set_version(certificate.get(), 2);
        ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
        X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
        X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
        X509_set_pubkey(certificate.get(), key);
        X509_NAME* const name = X509_get_subject_name(certificate.get());
        const auto* const text = reinterpret_cast<const unsigned char*>("loadgen test");
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0);
        X509_set_issuer_name(certificate.get(), name);
        const Extension host(X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1"));
        X509_add_ext(certificate.get(), host.get(), -1);
        X509_sign(certificate.get(), key, EVP_sha256());
        return certificate;
    }

    std::string certificate_file_;
    std::string key_file_;
};

} // namespace loadgen
