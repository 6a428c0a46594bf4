# What `npm install` in a checkout, prebuildify and users without a prebuilt binary build with. CMakeLists.txt is the developers' twin.
{
  "variables": { "version": "<!(node -p \"require('./package.json').version\")" },
  "targets": [{
    "target_name": "bsd_sockets",
    "sources": ["<!@(node -p \"require('fs').readdirSync('native', { recursive: true }).filter((f) => f.endsWith('.cpp')).map((f) => 'native/' + f).join(' ')\")"],
    "include_dirs": ["native", "<!(node -p \"require('node-addon-api').include_dir\")"],
    "defines": ["NAPI_VERSION=8", "NODE_ADDON_API_CPP_EXCEPTIONS", "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS", "BSD_SOCKETS_VERSION=<(version)"],
    "cflags_cc!": ["-fno-exceptions", "-fno-rtti", "-std=gnu++17", "-std=gnu++20"],
    "cflags_cc": ["-std=c++17", "-fexceptions", "-O2", "-Wall", "-Wextra", "-fvisibility=hidden", "-fvisibility-inlines-hidden", "-ffunction-sections", "-fdata-sections"],
    "conditions": [
      ["OS=='linux'", { "ldflags": [
        "-Wl,--gc-sections", "-Wl,--version-script=<(module_root_dir)/native/exports.map",
        # Node unmaps an addon when the last environment that loaded it ends. The C library still holds the addon's exit handlers then,
        # and would call them in unmapped memory: a link without crtbegin.o (zig's) has no __cxa_finalize that runs them in time.
        "-Wl,-z,nodelete"] }],
      ["OS=='mac'", { "xcode_settings": {
        "GCC_ENABLE_CPP_EXCEPTIONS": "YES", "CLANG_CXX_LANGUAGE_STANDARD": "c++17", "CLANG_CXX_LIBRARY": "libc++",
        "MACOSX_DEPLOYMENT_TARGET": "11.0", "GCC_SYMBOLS_PRIVATE_EXTERN": "YES", "OTHER_CFLAGS": ["-Wall", "-Wextra"] } }]
    ]
  }]
}
