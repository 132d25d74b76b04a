// TLS for the listener: certificate and key, and, for machines, the authority their certificates come from. A client
// may come without a certificate (people bring a token); one that is not from the authority ends the handshake.
// Private to the server.
#pragma once

#include <openssl/types.h>
#include <boost/asio/ssl/context.hpp>

#include <memory>

#include "daemon/http/authenticator.h"
#include "daemon/http/server.h"
#include "rules/base/result.h"

namespace cellvigil::http {

using TlsContext = std::shared_ptr<boost::asio::ssl::context>;
// `invalid`: a file cannot be read, or the key is not the certificate's. TLS 1.2 and later.
Result<TlsContext> tls_context(const TlsOptions& options);

// What the client's verified certificate says; empty when it sent none.
Peer peer_of(const SSL* session);

}  // namespace cellvigil::http
