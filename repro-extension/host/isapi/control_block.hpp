// The EXTENSION_CONTROL_BLOCK: one request in an extension's hands.
#pragma once

#include "base/mutex.hpp"
#include "base/quarantine.hpp"
#include "faults/call_watch.hpp"
#include "isapi/async_call.hpp"
#include "isapi/extension.hpp"
#include "isapi/script_path.hpp"
#include "net/connection.hpp"
#include "net/io_port.hpp"
#include "net/request_parser.hpp"

#include <httpext.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace host {

/// A request that was completed: its connection goes back to the server.
struct Completion {
    Connection* connection;
    bool keep;         ///< for the client's next request
    bool answered;     ///< something was sent
    bool body_is_read; ///< nothing of the request is left to come
    const Extension* extension;
    std::string_view path; ///< of the request; lives as long as the control block
};

/// The server, as a control block sees it.
class RequestOwner {
  public:
    /// HSE_REQ_DONE_WITH_SESSION, in the thread that called it.
    virtual void on_done(const Completion& completion) noexcept = 0;
    /// An asynchronous call died with the thread that had made it.
    virtual void on_call_cancelled(const Connection& connection) noexcept = 0;
    /// The extension and the host are both through with a control block.
    virtual void on_released() noexcept = 0;

  protected:
    ~RequestOwner() = default;
};

/// What of a request tells people which one it is.
struct RequestInHand {
    std::string extension;
    std::string what; ///< "GET /repro/x.dll"
    std::chrono::seconds since;
    bool returned; ///< HttpExtensionProc has
};

/// Has two references: the host's until HttpExtensionProc has returned, the extension's until
/// DONE_WITH_SESSION or a synchronous return. Either may end first and in any thread. ConnID is the
/// block's own address: SDK samples pass either. Afterwards the block stays where it is for a long
/// time, so that whoever uses it still is found out.
class ControlBlock final : public EXTENSION_CONTROL_BLOCK, private PacketTaker, private Interrupted {
  public:
    class Key { // only make() has one
        friend class ControlBlock;
        Key() = default;
    };
    ControlBlock(Key key, RequestOwner& owner, IoPort& io, std::chrono::milliseconds timeout,
                 Connection& connection, Request request, ScriptPath path, const Extension& extension);

    /// A new one, with both references, which are the caller's to give away. The four functions are
    /// missing: see entry_points.hpp. `timeout`: how long a client may stall. Null: there are too
    /// many.
    static ControlBlock* make(RequestOwner& owner, IoPort& io, std::chrono::milliseconds timeout,
                              Connection& connection, Request request, ScriptPath path,
                              const Extension& extension);

    /// The requests of `owner` that an extension has not completed.
    static std::vector<RequestInHand> in_hand(const RequestOwner& owner);

    const Request& request() const noexcept { return request_; }
    /// As the URL says: which script, and what follows its name.
    const ScriptPath& path() const noexcept { return path_; }
    const Extension& extension() const noexcept { return extension_; }
    const Connection& connection() const noexcept { return *connection_; }

    // For a BlockCall: the block is locked, and its request not yet completed.

    /// Sends bytes as they are; 0 or a Winsock error.
    DWORD send(std::string_view bytes) noexcept;

    /// A response head; see response_head. `keep`: fKeepConn, or nothing when the extension could
    /// not say.
    std::string head(std::string_view status, std::string_view headers, std::optional<bool> keep);

    /// The rest of the body, as much as is there, at least a byte; `got` is 0 at its end and when
    /// the client has gone. 0, or a Win32 error.
    DWORD read(std::span<char> room, std::size_t& got);

    /// The connection is not kept. Abortive: it ends with RST when the request is completed; else it
    /// ends at once, in both directions.
    void end_connection(bool abortive) noexcept;
    /// The connection is not kept, and ends when all is sent.
    void disconnect_after_send() noexcept { may_keep_ = false; }

    /// Whom asynchronous calls tell of their end.
    Callback callback;
    /// Begins an asynchronous call: `begin` gets it, the connection, and who posts. `sends`: to the
    /// client, who is answered then.
    template <class Begin>
    DWORD begin_call(bool sends, Begin begin) {
        if (async_.under_way())
            return ERROR_INVALID_PARAMETER;
        references_.fetch_add(1, std::memory_order_relaxed);
        const DWORD error = begin(async_, *connection_, poster());
        if (error != 0)
            release();
        else
            sent_anything_ = sent_anything_ || sends;
        return error;
    }

    /// DONE_WITH_SESSION: completes and hands the connection back. `status`: HSE_STATUS_SUCCESS,
    /// _SUCCESS_AND_KEEP_CONN or _ERROR.
    void done(DWORD status);

    // The host's.

    /// Calls HttpExtensionProc. A status other than pending, and a crash, complete the request: who
    /// gets the Completion owns the connection. Otherwise it may serve another client by now:
    /// DONE_WITH_SESSION can have come before. Gives the host's reference back.
    [[nodiscard]] std::optional<Completion> call_extension();

  private:
    friend class BlockCall;
    /// Of all servers in the process: a stray block tells of none. Those that have ended are told apart
    /// for some seconds under the heaviest load, and for good under a light one.
    static Quarantine<ControlBlock>& blocks();

    [[nodiscard]] std::optional<Completion> complete(DWORD status, bool synchronous);
    [[nodiscard]] std::optional<Completion> returned(std::optional<DWORD> status); ///< nothing: it crashed
    bool is_completed() const noexcept { return connection_ == nullptr || done_afterwards_; }
    void on_crash(std::string_view function, const Crash& crash) noexcept;
    void call_back(const AsyncCall::Ended& ended) noexcept;
    void on_packet(DWORD bytes, DWORD error, bool expired) noexcept override;
    void on_thread_ended() noexcept override;
    Poster poster() const noexcept;
    std::string what() const;
    void release() noexcept;

    RequestOwner& owner_;
    const Extension& extension_;
    Mutex calls_;                   ///< one call at a time
    std::atomic<DWORD> caller_ = 0; ///< the thread that has locked calls_ for a BlockCall
    Connection* connection_;        ///< null once completed
    std::atomic<int> references_ = 2;
    std::atomic<bool> returned_ = false; ///< HttpExtensionProc has
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
    Request request_;
    ScriptPath path_;
    std::string content_type_;
    std::string path_translated_;
    AsyncCall async_;
    std::optional<DWORD> done_afterwards_; ///< the status of a DONE that came during async_
    bool sent_anything_ = false;
    bool may_keep_;
    bool wants_keep_ = false; ///< the extension has said so with the head
};

} // namespace host
