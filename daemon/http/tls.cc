#include "daemon/http/tls.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <string>

namespace cellvigil::http {
namespace {

namespace ssl = boost::asio::ssl;

struct Free {
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(BIO* memory) const { BIO_free(memory); }
    void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};

std::string subject_of(X509* certificate) {
    const std::unique_ptr<BIO, Free> memory(BIO_new(BIO_s_mem()));
    if (!memory) return {};
    X509_NAME_print_ex(memory.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253);
    char* text = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &text);
    return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string();
}

void add_name(std::vector<std::string>& names, const char* kind, const ASN1_STRING* value) {
    const auto* bytes = static_cast<const char*>(static_cast<const void*>(ASN1_STRING_get0_data(value)));
    const std::string text(bytes, static_cast<std::size_t>(ASN1_STRING_length(value)));
    if (text.find('\0') == std::string::npos) names.push_back(kind + text);
}

std::vector<std::string> alternative_names(X509* certificate) {
    std::vector<std::string> found;
    const std::unique_ptr<GENERAL_NAMES, Free> names(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
        if (name->type == GEN_DNS) add_name(found, "DNS:", name->d.dNSName);
        if (name->type == GEN_URI) add_name(found, "URI:", name->d.uniformResourceIdentifier);
        if (name->type == GEN_EMAIL) add_name(found, "EMAIL:", name->d.rfc822Name);
    }
    return found;
}

}  // namespace

Result<TlsContext> tls_context(const TlsOptions& options) {
    auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
    boost::system::error_code error;
    context->set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 | ssl::context::no_sslv3 |
                             ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1 | SSL_OP_NO_RENEGOTIATION,
                         error);
    context->use_certificate_chain_file(options.certificate_file, error);
    if (error) return fail(Errc::invalid, "the certificate " + options.certificate_file + ": " + error.message());
    context->use_private_key_file(options.key_file, ssl::context::pem, error);
    if (error) return fail(Errc::invalid, "the key " + options.key_file + ": " + error.message());
    if (SSL_CTX_check_private_key(context->native_handle()) != 1)
        return fail(Errc::invalid, "the key " + options.key_file + " is not that of the certificate");
    if (options.client_ca_file.empty()) return context;
    context->load_verify_file(options.client_ca_file, error);
    if (error)
        return fail(Errc::invalid, "the authority of clients " + options.client_ca_file + ": " + error.message());
    STACK_OF(X509_NAME)* authorities = SSL_load_client_CA_file(options.client_ca_file.c_str());
    if (authorities != nullptr) SSL_CTX_set_client_CA_list(context->native_handle(), authorities);
    SSL_CTX_set_purpose(context->native_handle(), X509_PURPOSE_SSL_CLIENT);
    context->set_verify_mode(ssl::verify_peer, error);
    // A session that is resumed brings its certificate along only within one context id.
    constexpr unsigned char kContext[] = "cellvigil";
    SSL_CTX_set_session_id_context(context->native_handle(), kContext, sizeof kContext - 1);
    return context;
}

Peer peer_of(const SSL* session) {
    Peer peer;
    const std::unique_ptr<X509, Free> certificate(SSL_get1_peer_certificate(session));
    if (!certificate || SSL_get_verify_result(session) != X509_V_OK) return peer;
    peer.certified = true;
    peer.subject = subject_of(certificate.get());
    peer.alternative_names = alternative_names(certificate.get());
    return peer;
}

}  // namespace cellvigil::http
