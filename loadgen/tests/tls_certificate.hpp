// Certificates of servers, clients and authorities, made by the test that needs them.
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

class TlsCertificate;

struct CertificateWords {
    std::string name = "loadgen test"; ///< the files' and the common one
    std::string hosts = "IP:127.0.0.1";
    long from = -3600;                      ///< seconds from now
    long until = 3600;                      ///< likewise
    const TlsCertificate* issuer = nullptr; ///< none: self-signed
};

/// With a P-256 key of its own. Its files, in PEM, are the folder's.
class TlsCertificate {
    template <auto Free>
    struct Freed {
        void operator()(auto* pointer) const { Free(pointer); }
    };
    using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
    using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
    using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;
    using File = std::unique_ptr<BIO, Freed<BIO_free>>;

  public:
    explicit TlsCertificate(const std::filesystem::path& folder, const CertificateWords& words = {})
        : certificate_file_((folder / (words.name + ".pem")).string()),
          key_file_((folder / (words.name + ".key")).string()),
          key_(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")) {
        write(words);
        // Not std::FILE: on Windows OpenSSL may have another C run-time than the program.
        PEM_write_bio_X509(File(BIO_new_file(certificate_file_.c_str(), "w")).get(), certificate_.get());
        PEM_write_bio_PrivateKey(File(BIO_new_file(key_file_.c_str(), "w")).get(), key_.get(), nullptr,
                                 nullptr, 0, nullptr, nullptr);
    }

    const std::string& file() const { return certificate_file_; }
    const std::string& key_file() const { return key_file_; }

    /// The key as nobody can read it who has no password.
    void write_encrypted_key(const std::string& file) const {
        const std::string password = "secret";
        PEM_write_bio_PKCS8PrivateKey(File(BIO_new_file(file.c_str(), "w")).get(), key_.get(),
                                      EVP_aes_128_cbc(), password.data(), static_cast<int>(password.size()),
                                      nullptr, nullptr);
    }

    void configure(boost::asio::ssl::context& server) const {
        server.use_certificate_file(certificate_file_, boost::asio::ssl::context::pem);
        server.use_private_key_file(key_file_, boost::asio::ssl::context::pem);
    }

  private:
    void write(const CertificateWords& words) {
        X509* const certificate = certificate_.get();
        X509_set_version(certificate, 2);
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
        X509_gmtime_adj(X509_getm_notBefore(certificate), words.from);
        X509_gmtime_adj(X509_getm_notAfter(certificate), words.until);
        X509_set_pubkey(certificate, key_.get());
        X509_NAME* const name = X509_get_subject_name(certificate);
        const auto* const text = reinterpret_cast<const unsigned char*>(words.name.c_str());
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0);
        const TlsCertificate& issuer = words.issuer != nullptr ? *words.issuer : *this;
        X509_set_issuer_name(certificate, X509_get_subject_name(issuer.certificate_.get()));
        add(NID_subject_alt_name, words.hosts);
        if (words.issuer == nullptr)
            add(NID_basic_constraints, "critical,CA:TRUE"); // it may vouch for others
        X509_sign(certificate, issuer.key_.get(), EVP_sha256());
    }

    void add(int field, const std::string& value) {
        const Extension extension(X509V3_EXT_conf_nid(nullptr, nullptr, field, value.c_str()));
        X509_add_ext(certificate_.get(), extension.get(), -1);
    }

    std::string certificate_file_;
    std::string key_file_;
    Key key_;
    Certificate certificate_{X509_new()};
};

} // namespace loadgen
