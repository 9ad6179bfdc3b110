// The EXTENSION_CONTROL_BLOCK: one request in an extension's hands.
#pragma once

#include "connection.hpp"
#include "extension.hpp"
#include "request_parser.hpp"
#include "script_path.hpp"

#include <httpext.h>

#include <atomic>
#include <optional>
#include <string>
#include <string_view>

namespace host {

/// A request that was completed: its connection goes back to the server.
struct Completion {
    Connection* connection;
    bool keep;     ///< for the client's next request
    bool answered; ///< something was sent
    const Extension* extension;
    std::string_view path; ///< of the request; lives as long as the control block
};

/// The server, as a control block sees it.
class RequestOwner {
  public:
    /// HSE_REQ_DONE_WITH_SESSION, in the thread that called it.
    virtual void on_done(const Completion& completion) noexcept = 0;
    /// The extension and the host are both through with a control block.
    virtual void on_released() noexcept = 0;

  protected:
    ~RequestOwner() = default;
};

/// Lives on the heap with two references: the host's until HttpExtensionProc has returned, the
/// extension's until DONE_WITH_SESSION or a synchronous return. Either may end first and in any
/// thread; the last one deletes it. A raw pointer, because the ISAPI ABI hands exactly that to the
/// extension, which then owns a share of it. ConnID is the block's own address: SDK samples pass
/// either. An extension makes one call at a time on a block.
class ControlBlock : public EXTENSION_CONTROL_BLOCK {
  public:
    /// Both references are the caller's to give away. The four functions are missing: see
    /// entry_points.hpp.
    ControlBlock(RequestOwner& owner, Connection& connection, Request request, ScriptPath path,
                 const Extension& extension);

    /// The block behind a ConnID; null after the request's completion and for a null ConnID.
    static ControlBlock* from(HCONN id) noexcept;

    const Request& request() const noexcept { return request_; }
    /// As the URL says: which script, and what follows its name.
    const ScriptPath& path() const noexcept { return path_; }
    const Extension& extension() const noexcept { return extension_; }
    const Connection& connection() const noexcept { return *connection_.load(); }

    /// Sends bytes as they are; 0 or a Winsock error.
    DWORD send(std::string_view bytes) noexcept;

    /// Sends a response head; see response_head. `keep`: fKeepConn, or nothing when the extension
    /// could not say.
    DWORD send_head(std::string_view status, std::string_view headers, std::optional<bool> keep);

    /// The connection is not kept. Abortive: it ends with RST when the request is completed; else it
    /// ends at once, in both directions.
    void end_connection(bool abortive) noexcept;

    /// Completes the request, once: the caller that gets the Completion owns the connection, and
    /// gives the extension's reference back. `status`: HSE_STATUS_SUCCESS, _SUCCESS_AND_KEEP_CONN
    /// or _ERROR.
    [[nodiscard]] std::optional<Completion> complete(DWORD status);

    /// DONE_WITH_SESSION: completes and hands the connection back. The block may be gone
    /// afterwards.
    void done(DWORD status);

    /// Gives one reference back.
    void release() noexcept;

  private:
    ~ControlBlock() = default;

    RequestOwner& owner_;
    const Extension& extension_;
    std::atomic<Connection*> connection_; ///< null once completed
    std::atomic<int> references_ = 2;
    Request request_;
    ScriptPath path_;
    std::string content_type_;
    std::string path_translated_;
    bool sent_anything_ = false;
    bool may_keep_;
};

} // namespace host
