#include "probe.hpp"

#include "listener.hpp"
#include "ring.hpp"

#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <thread>

namespace uring {
namespace {

constexpr int does_not_cancel = 6;
constexpr std::uint64_t marker = 1;
constexpr std::uint64_t request = 2;

enum class Operation { accept, read };

/// A listener on loopback, and a client that is connected to it, or could be.
struct Ends {
    Listener listener{"127.0.0.1", 0, 1};
    Descriptor client = tcp_socket();

    void connect() const {
        const sockaddr_in& address = listener.address();
        if (::connect(client.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
            throw std::system_error(errno, std::system_category(), "connect");
    }
};

struct Finding {
    bool ended_at_exit; ///< before what it waits for came
    int result;
};

Finding try_one(Operation operation, Submitter submitter, bool exits) {
    Ring ring(submitter, 1);
    const Ends ends;
    if (operation == Operation::read)
        ends.connect();
    const Descriptor peer(operation == Operation::read ? ::accept(ends.listener.number(), nullptr, nullptr)
                                                       : ::dup(ends.listener.number()));
    std::array<char, 1> byte{};
    const auto submit = [&] {
        ring.submit({{request, 0, [&](io_uring_sqe* entry) {
                          if (operation == Operation::accept)
                              io_uring_prep_accept(entry, peer.number(), nullptr, nullptr, SOCK_CLOEXEC);
                          else
                              io_uring_prep_recv(entry, peer.number(), byte.data(), byte.size(), 0);
                      }}});
    };
    if (exits)
        std::thread(submit).join();
    else
        submit();
    // A moment in which nothing comes but what the exit itself does.
    __kernel_timespec pause{.tv_sec = 0, .tv_nsec = 100'000'000};
    ring.submit({{marker, 0, [&pause](auto* entry) { io_uring_prep_timeout(entry, &pause, 0, 0); }}});
    const Completion first = ring.wait();
    if (first.data == request)
        return {true, first.result};
    if (operation == Operation::accept)
        ends.connect();
    else if (::send(ends.client.number(), "x", 1, MSG_NOSIGNAL) != 1)
        throw std::system_error(errno, std::system_category(), "send");
    const int result = ring.wait().result;
    if (operation == Operation::accept && result >= 0)
        ::close(result);
    return {false, result};
}

std::string to_text(const Finding& finding) {
    const std::string what = finding.result == -ECANCELED ? "cancelled"
                             : finding.result < 0         ? std::system_category().message(-finding.result)
                                                          : "done";
    return fmt::format("{} {}", what, finding.ended_at_exit ? "before its event" : "at its event");
}

} // namespace

ProbeResult probe() {
    utsname system{};
    ::uname(&system);
    ProbeResult result{
        fmt::format("Linux {}\n{:<10}{:<32}{}\n", system.release, "request", "belongs to", "ends"), 0};
    struct Owner {
        const char* name;
        Submitter submitter;
        bool exits;
    };
    for (const Owner& owner : {Owner{"a thread that has exited", Submitter::thread, true},
                               Owner{"a thread that stays", Submitter::thread, false},
                               Owner{"the kernel's thread (SQPOLL)", Submitter::kernel, true}}) {
        const bool is_doomed = owner.submitter == Submitter::thread && owner.exits;
        for (const Operation operation : {Operation::accept, Operation::read}) {
            const Finding finding = try_one(operation, owner.submitter, owner.exits);
            result.text += fmt::format("{:<10}{:<32}{}\n", operation == Operation::accept ? "accept" : "read",
                                       owner.name, to_text(finding));
            if ((finding.result == -ECANCELED) != is_doomed)
                result.exit_code = does_not_cancel;
        }
    }
    return result;
}

} // namespace uring
