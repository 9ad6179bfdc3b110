// An extension loaded as a server loads it, and its imports replaced to make the system fail or to
// count its calls.
#pragma once

#include "fake_request.hpp"

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

namespace repro::test {

inline constexpr std::array variants{"thread-per-request", "thread-pool", "keep-alive", "keep-alive-pool",
                                     "synchronous"};
inline constexpr std::array thread_variants{"thread-per-request", "keep-alive"};
inline constexpr std::array pool_variants{"thread-pool", "keep-alive-pool"};

inline bool keeps_alive(std::string_view variant) {
    return variant.starts_with("keep-alive");
}

/// Loads NAME.dll of the current directory. Throws std::runtime_error if that fails.
class ExtensionDll {
  public:
    explicit ExtensionDll(const std::string& name);
    ExtensionDll(const ExtensionDll&) = delete;
    ExtensionDll& operator=(const ExtensionDll&) = delete;
    /// Terminates it if it was started, and unloads it.
    ~ExtensionDll();

    bool start();
    /// Starts it or throws.
    void require_start();
    DWORD process(const FakeRequest& request) { return process_(request.ecb()); }
    void terminate();

    const HSE_VERSION_INFO& version() const noexcept { return version_; }
    HMODULE module() const noexcept { return module_.get(); }

  private:
    struct Unloader {
        void operator()(HMODULE module) const noexcept { FreeLibrary(module); }
    };

    std::unique_ptr<std::remove_pointer_t<HMODULE>, Unloader> module_;
    PFN_GETEXTENSIONVERSION get_version_;
    PFN_HTTPEXTENSIONPROC process_;
    PFN_TERMINATEEXTENSION terminate_;
    HSE_VERSION_INFO version_{};
    bool started_ = false;
};

/// Whether a started variant that leaves its requests pending answers one with 200.
bool serves(ExtensionDll& dll);

/// Has a function that a DLL imports replaced while it lives. Throws std::runtime_error if the DLL
/// doesn't import it.
class ReplacedImport {
  public:
    template <class R, class... A>
    ReplacedImport(const ExtensionDll& dll, std::string_view name, R(WINAPI* replacement)(A...))
        : ReplacedImport{dll.module(), name, reinterpret_cast<ULONG_PTR>(replacement)} {}
    ReplacedImport(const ReplacedImport&) = delete;
    ReplacedImport& operator=(const ReplacedImport&) = delete;
    ~ReplacedImport();

  private:
    ReplacedImport(HMODULE module, std::string_view name, ULONG_PTR replacement);

    ULONG_PTR* slot_;
    ULONG_PTR original_;
};

} // namespace repro::test
