#include "extension_dll.hpp"

#include <stdexcept>

namespace repro::test {
namespace {

template <class Function>
Function find_export(HMODULE module, const char* name) {
    const FARPROC address = GetProcAddress(module, name);
    if (address == nullptr)
        throw std::runtime_error{std::string{"not exported: "} + name};
    // By way of a plain pointer: no two function types here are alike.
    return reinterpret_cast<Function>(reinterpret_cast<void*>(address));
}

template <class T>
T* at_offset(HMODULE module, DWORD offset) {
    return reinterpret_cast<T*>(reinterpret_cast<char*>(module) + offset);
}

ULONG_PTR* find_import(HMODULE module, std::string_view name) {
    const auto* const dos_header = at_offset<IMAGE_DOS_HEADER>(module, 0);
    const auto* const headers = at_offset<IMAGE_NT_HEADERS>(module, static_cast<DWORD>(dos_header->e_lfanew));
    const auto& directory = headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT];
    for (auto* library = at_offset<IMAGE_IMPORT_DESCRIPTOR>(module, directory.VirtualAddress);
         library->Name != 0; ++library) {
        const auto* const names = at_offset<IMAGE_THUNK_DATA>(module, library->OriginalFirstThunk);
        auto* const slots = at_offset<ULONG_PTR>(module, library->FirstThunk);
        for (std::size_t i = 0; names[i].u1.AddressOfData != 0; ++i) {
            const auto* const by_name =
                at_offset<IMAGE_IMPORT_BY_NAME>(module, static_cast<DWORD>(names[i].u1.AddressOfData));
            if (name == reinterpret_cast<const char*>(by_name->Name))
                return &slots[i];
        }
    }
    throw std::runtime_error{"not imported: " + std::string{name}};
}

void write_slot(ULONG_PTR* slot, ULONG_PTR value) {
    DWORD protection = 0;
    VirtualProtect(slot, sizeof *slot, PAGE_READWRITE, &protection);
    *slot = value;
    VirtualProtect(slot, sizeof *slot, protection, &protection);
}

} // namespace

ExtensionDll::ExtensionDll(const std::string& name) : module_{LoadLibraryA((".\\" + name + ".dll").c_str())} {
    if (!module_)
        throw std::runtime_error{"cannot load " + name + ".dll, error " + std::to_string(GetLastError())};
    get_version_ = find_export<PFN_GETEXTENSIONVERSION>(module_.get(), "GetExtensionVersion");
    process_ = find_export<PFN_HTTPEXTENSIONPROC>(module_.get(), "HttpExtensionProc");
    terminate_ = find_export<PFN_TERMINATEEXTENSION>(module_.get(), "TerminateExtension");
}

ExtensionDll::~ExtensionDll() {
    terminate();
}

bool ExtensionDll::start() {
    return started_ = get_version_(&version_) != FALSE;
}

void ExtensionDll::require_start() {
    if (!start())
        throw std::runtime_error{"GetExtensionVersion failed"};
}

void ExtensionDll::terminate() {
    if (started_)
        terminate_(HSE_TERM_MUST_UNLOAD);
    started_ = false;
}

bool serves(ExtensionDll& dll) {
    FakeRequest request;
    return dll.process(request) == HSE_STATUS_PENDING && request.wait_for_done() &&
           request.answer().status == "200 OK";
}

ReplacedImport::ReplacedImport(HMODULE module, std::string_view name, ULONG_PTR replacement)
    : slot_{find_import(module, name)}, original_{*slot_} {
    write_slot(slot_, replacement);
}

ReplacedImport::~ReplacedImport() {
    write_slot(slot_, original_);
}

} // namespace repro::test
