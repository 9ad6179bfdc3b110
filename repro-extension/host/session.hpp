// What happens on an accepted connection: requests are read, extensions are called, the connection
// is kept or ended.
#pragma once

#include "base/counters.hpp"
#include "base/options.hpp"
#include "faults/exposures.hpp"
#include "isapi/control_block.hpp"
#include "isapi/extension_cache.hpp"
#include "net/io_port.hpp"
#include "net/listener.hpp"

namespace host {

class Sessions final : public RequestOwner {
  public:
    /// Throws std::runtime_error with a sentence for the user.
    Sessions(const Options& options, IoPort& io, Listener& listener, ConnectionRegistry& connections,
             ExtensionCache& extensions, Counters& counters, Exposures& exposures)
        : options_(options),
          maps_(script_maps(options)),
          io_(io),
          listener_(listener),
          connections_(connections),
          extensions_(extensions),
          counters_(counters),
          exposures_(exposures) {}
    Sessions(const Sessions&) = delete;
    Sessions& operator=(const Sessions&) = delete;

    /// Serves what the buffer holds, request by request, then posts a read. Pool threads only.
    void serve(Connection& connection);

    /// A read ended. Pool threads only.
    void on_read(Connection& connection, DWORD bytes, DWORD error, bool expired);

    /// Ends the reads and asynchronous calls whose time is up.
    void expire_idle();

    /// Cancels the requests of one kind that are pending now.
    void cancel_all(Operation operation);

    void on_done(const Completion& completion) noexcept override;
    void on_call_cancelled(const Connection& connection) noexcept override;
    void on_released() noexcept override;

  private:
    static std::vector<ScriptMap> script_maps(const Options& options);
    /// Null: there is none, and the client was told so.
    const Extension* find_extension(Connection& connection, const Request& request, const std::string& name);
    /// True: completed synchronously, and the connection is kept.
    [[nodiscard]] bool call_extension(Connection& connection, Request request);
    /// The connection goes back, in the calling thread (KB 813531, step 1). What of the request's body
    /// was not read is left to the pool.
    void recycle(const Completion& completion, const Poster& poster) noexcept;
    /// Ends the connection's sending side, and reads on until the client closes.
    void begin_drain(Connection& connection) noexcept;
    /// Throws away what a refused client still sends, until it closes or its time is up.
    void drain(Connection& connection);
    void refuse(Connection& connection, std::string_view status, const std::string& sentence, bool head_only);
    /// False: the host is stopping or the connection is dead; the connection is still the caller's.
    [[nodiscard]] bool post_read(Connection& connection, std::chrono::milliseconds timeout,
                                 const Poster& poster = {}) noexcept;
    void count(const Completion& completion) noexcept;

    const Options& options_;
    std::vector<ScriptMap> maps_;
    IoPort& io_;
    Listener& listener_;
    ConnectionRegistry& connections_;
    ExtensionCache& extensions_;
    Counters& counters_;
    Exposures& exposures_;
};

} // namespace host
