// A DLL that is no ISAPI extension.
extern "C" __declspec(dllexport) int answer_to_everything() {
    return 42;
}
