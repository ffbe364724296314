import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// What was expected above what was found, what to do, and by which rule.
ColumnLayout {
    id: details

    property string expected
    property string found
    property bool failed: false
    property string remedy
    property string source

    // Digests and the like are set in mono; a sentence is not.
    function computed(text) {
        return !text.includes(" ");
    }

    spacing: Theme.space(1)

    GridLayout {
        Layout.fillWidth: true
        visible: details.expected !== "" || details.found !== ""
        columns: 2
        columnSpacing: Theme.space(1)
        rowSpacing: Theme.space(0.5)

        T {
            Layout.preferredWidth: Theme.space(8)
            Layout.alignment: Qt.AlignTop
            visible: details.expected !== ""
            role: "small"
            text: qsTr("Expected")
            color: Theme.inkSecondary
        }
        T {
            Layout.fillWidth: true
            visible: details.expected !== ""
            role: details.computed(details.expected) ? "mono" : "small"
            text: details.expected
            wrapMode: details.computed(details.expected) ? Text.WrapAnywhere : Text.Wrap
        }
        T {
            Layout.preferredWidth: Theme.space(8)
            Layout.alignment: Qt.AlignTop
            visible: details.found !== ""
            role: "small"
            text: qsTr("Found")
            color: Theme.inkSecondary
        }
        T {
            Layout.fillWidth: true
            visible: details.found !== ""
            role: details.computed(details.found) ? "mono" : "small"
            text: details.found
            color: details.failed ? Theme.failed : Theme.ink
            wrapMode: details.computed(details.found) ? Text.WrapAnywhere : Text.Wrap
        }
    }
    T {
        Layout.fillWidth: true
        visible: details.remedy !== ""
        role: "small"
        text: details.remedy
        color: Theme.inkSecondary
        wrapMode: Text.Wrap
    }
    T {
        Layout.fillWidth: true
        visible: details.source !== ""
        role: "mono"
        text: details.source
        color: Theme.inkTertiary
        wrapMode: Text.Wrap
    }
}
