#include "isapi/extension.hpp"

#include "base/utf8.hpp"
#include "faults/broken_rules.hpp"
#include "faults/symbols.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <bit>

namespace host {
namespace {

template <class Function>
Function find_export(HMODULE module, const char* name) noexcept {
    return std::bit_cast<Function>(GetProcAddress(module, name));
}

} // namespace

Extension::Extension(const std::filesystem::path& file)
    : file_(file),
      folder_(to_utf8(file.parent_path())),
      name_(to_utf8(file.filename())),
      module_(LoadLibraryExW(file.c_str(), nullptr, LOAD_WITH_ALTERED_SEARCH_PATH)) {
    const DWORD error = GetLastError();
    if (!module_)
        throw ExtensionError(fmt::format("{} could not be loaded: {}", name_, error_text(error)));
    image_ = Image(module_.get(), name_, functions_of(module_.get()));
    const auto get_extension_version =
        find_export<PFN_GETEXTENSIONVERSION>(module_.get(), "GetExtensionVersion");
    http_extension_proc_ = find_export<PFN_HTTPEXTENSIONPROC>(module_.get(), "HttpExtensionProc");
    if (get_extension_version == nullptr || http_extension_proc_ == nullptr) {
        throw ExtensionError(
            fmt::format("{} is not an ISAPI extension: it exports no {}", name_,
                        get_extension_version == nullptr ? "GetExtensionVersion" : "HttpExtensionProc"));
    }
    HSE_VERSION_INFO info{};
    BOOL started = FALSE;
    auto start = [&] { started = get_extension_version(&info); };
    if (const auto crash = guarded(image_, start)) {
        report("GetExtensionVersion", *crash);
        throw ExtensionError(fmt::format("{} crashed in GetExtensionVersion", name_));
    }
    if (!started)
        throw ExtensionError(fmt::format("{} refused to start: GetExtensionVersion returned FALSE", name_));
    terminate_extension_ = find_export<PFN_TERMINATEEXTENSION>(module_.get(), "TerminateExtension");
    info.lpszExtensionDesc[HSE_MAX_EXT_DLL_NAME_LEN - 1] = '\0';
    spdlog::info("loaded {}: {}", name_, &info.lpszExtensionDesc[0]);
}

Extension::~Extension() {
    if (terminate_extension_ == nullptr)
        return;
    auto end = [this] { terminate_extension_(HSE_TERM_MUST_UNLOAD); };
    if (const auto crash = guarded(image_, end))
        report("TerminateExtension", *crash);
}

void Extension::report(std::string_view function, const Crash& crash) const noexcept {
    BrokenRules::add(Rule::crashed, name_,
                     fmt::format("crashed in {}: {} at {}", function, crash.what, crash.place));
}

} // namespace host
