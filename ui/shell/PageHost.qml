import QtQuick
import Cms.ViewModels

// Loads the page that the shell names, hands it its view-model, and gives it the focus.
FocusScope {
    id: host

    required property ShellViewModel shell
    readonly property string wanted: shell.stage === "open" ? shell.page : shell.stage
    readonly property var files: ({
            "firstRun": "FirstRunPage",
            "locked": "UnlockPage",
            "home": "HomePage",
            "contracts": "ContractsPage",
            "draft": "DraftPage",
            "contract": "ContractPage",
            "sign": "SignPage",
            "verify": "VerifyPage",
            "wallet": "WalletPage",
            "activity": "ActivityPage",
            "settings": "SettingsPage"
        })

    readonly property bool loading: loader.status === Loader.Loading
    property bool again: false
    // Something that takes keys lies over the page: a page that comes up late must not take the focus from it.
    property bool covered: false

    signal paletteWanted

    function show() {
        // A page that is half made is not broken off: Qt would keep its parts. The newest wish comes right after it.
        again = loading;
        if (loading)
            return;
        const model = shell.model(wanted);
        if (wanted === "" || model === null) {
            loader.setSource("");
            return;
        }
        loader.setSource(Qt.resolvedUrl("../pages/" + files[wanted] + ".qml"), {
            "vm": model
        });
    }

    onWantedChanged: show()
    Component.onCompleted: show()

    Connections {
        target: loader.item
        ignoreUnknownSignals: true
        function onPaletteWanted() {
            host.paletteWanted();
        }
    }
    Loader {
        id: loader

        asynchronous: true

        anchors.fill: parent
        focus: true
        onLoaded: {
            item.focus = true; // qmllint disable missing-property
            if (!host.covered)
                loader.forceActiveFocus(Qt.OtherFocusReason);
        }
        onStatusChanged: if (host.again)
            Qt.callLater(host.show)
    }
}
