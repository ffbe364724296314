pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components
import "../firstrun"

// Test the recovery words from paper, or see them again with the passphrase.
WalletDialog {
    id: dialog

    property bool showing: false
    property var typed: ["", "", ""]

    function ask() {
        showing = false;
        typed = ["", "", ""];
        vm.safety.begin_test();
        open();
    }

    purpose: "test"
    wide: Theme.sizeFirstRun
    title: showing ? qsTr("Your recovery words") : qsTr("Do you still have your words?")
    text: showing ? qsTr("Whoever reads them can sign as you. See that nobody looks over your shoulder.") : qsTr("Write three of them from your paper. Nothing is changed by a wrong word.")
    safeText: qsTr("Close")
    confirmText: showing ? (vm.safety.words.length > 0 ? "" : qsTr("Show the words")) : qsTr("Test")
    confirmEnabled: vm.busy === "" && (showing ? passphrase.text !== "" : typed.every(word => word !== ""))
    onConfirmed: {
        if (showing)
            vm.safety.show_words(passphrase.text);
        else
            vm.safety.test_words(typed);
        passphrase.text = "";
    }

    RowLayout {
        Layout.fillWidth: true
        visible: !dialog.showing
        spacing: Theme.space(2)

        Repeater {
            model: dialog.vm.safety.places

            delegate: TextInputField {
                required property int index
                required property int modelData

                objectName: "test-" + index
                Layout.fillWidth: true
                mono: true
                prefix: String(modelData + 1)
                Accessible.name: qsTr("Word %1").arg(modelData + 1)
                onEdited: text => dialog.typed = dialog.typed.map((word, place) => place === index ? text.trim() : word)
            }
        }
    }
    CmsButton {
        objectName: "wordsShow"
        visible: !dialog.showing
        kind: "quiet"
        text: qsTr("Show the words instead")
        onClicked: dialog.showing = true
    }
    TextInputField {
        id: passphrase

        objectName: "wordsPassphrase"
        Layout.fillWidth: true
        visible: dialog.showing && dialog.vm.safety.words.length === 0
        label: qsTr("Passphrase")
        secret: true
    }
    WordsCard {
        Layout.fillWidth: true
        visible: dialog.vm.safety.words.length > 0
        words: dialog.vm.safety.words
    }
    ScreenshotNote {
        Layout.fillWidth: true
        guard: dialog.vm.guard
        visible: dialog.vm.safety.words.length > 0
    }
    DialogNote {
        vm: dialog.vm
    }
}
