#include "client/classify.hpp"

#include "client/engine/stream_end.hpp"
#include "client/engine/tls.hpp"

#include <boost/asio/error.hpp>
#include <boost/beast/http/error.hpp>

#include <array>
#include <cerrno>

#ifdef _WIN32
#include <winsock2.h>
#endif

namespace loadgen {
namespace {

struct SystemError {
    int code;
    const char* name;
    Cause cause;
};

// Linux reports a RST as ECONNREFUSED in SYN_SENT, EPIPE in CLOSE_WAIT, else ECONNRESET
// (net/ipv4/tcp_input.c, tcp_reset).
#ifdef _WIN32
#define SYSTEM_ERROR(NAME, CAUSE)                                                                            \
    SystemError {                                                                                            \
        WSA##NAME, "WSA" #NAME, CAUSE                                                                        \
    }
#else
#define SYSTEM_ERROR(NAME, CAUSE)                                                                            \
    SystemError {                                                                                            \
        NAME, #NAME, CAUSE                                                                                   \
    }
#endif
constexpr std::array system_errors = {
    SYSTEM_ERROR(ECONNRESET, Cause::reset),
    SYSTEM_ERROR(ECONNABORTED, Cause::aborted),
    SYSTEM_ERROR(ECONNREFUSED, Cause::refused),
    SYSTEM_ERROR(ENETUNREACH, Cause::unreachable),
    SYSTEM_ERROR(EHOSTUNREACH, Cause::unreachable),
    SYSTEM_ERROR(ENETDOWN, Cause::unreachable),
    SYSTEM_ERROR(EHOSTDOWN, Cause::unreachable),
    SYSTEM_ERROR(ETIMEDOUT, Cause::timeout),
    SYSTEM_ERROR(EADDRNOTAVAIL, Cause::local),
    SYSTEM_ERROR(EADDRINUSE, Cause::local),
    SYSTEM_ERROR(EMFILE, Cause::local),
    SYSTEM_ERROR(ENOBUFS, Cause::local),
    SYSTEM_ERROR(EACCES, Cause::local),
    SYSTEM_ERROR(ENOTCONN, Cause::local),
#ifdef _WIN32
    // A completion port has the system's codes where Winsock has its own; Asio translates most of them.
    SystemError{ERROR_NETNAME_DELETED, "ERROR_NETNAME_DELETED", Cause::reset},
    SystemError{ERROR_CONNECTION_ABORTED, "ERROR_CONNECTION_ABORTED", Cause::aborted},
    SystemError{ERROR_SEM_TIMEOUT, "ERROR_SEM_TIMEOUT", Cause::timeout},
    SystemError{ERROR_NO_SYSTEM_RESOURCES, "ERROR_NO_SYSTEM_RESOURCES", Cause::local},
#else
    SystemError{EPIPE, "EPIPE", Cause::broken_pipe},
    SystemError{ENFILE, "ENFILE", Cause::local},
    SystemError{ENOMEM, "ENOMEM", Cause::local},
    SystemError{EPERM, "EPERM", Cause::local},
#endif
};
#undef SYSTEM_ERROR

const SystemError* find(const boost::system::error_code& error) {
    if (error.category() != boost::system::system_category())
        return nullptr;
    for (const SystemError& known : system_errors)
        if (known.code == error.value())
            return &known;
    return nullptr;
}

bool is_http(const boost::system::error_code& error) {
    return error.category() == make_error_code(boost::beast::http::error::bad_version).category();
}

bool is_close(const boost::system::error_code& error) {
    namespace http = boost::beast::http;
    return is_end_of_stream(error) || error == http::error::end_of_stream ||
           error == http::error::partial_message;
}

} // namespace

Cause classify(const boost::system::error_code& error) {
    if (const SystemError* known = find(error))
        return known->cause;
    if (is_close(error))
        return Cause::closed;
    if (is_http(error))
        return Cause::malformed;
    if (is_tls_error(error))
        return Cause::tls;
    return Cause::local;
}

std::string error_name(const boost::system::error_code& error) {
    if (const SystemError* known = find(error))
        return known->name;
    if (is_close(error))
        return {};
    if (is_http(error) || is_tls_error(error))
        return error.message();
    return std::to_string(error.value());
}

} // namespace loadgen
