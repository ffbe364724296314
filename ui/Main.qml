pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import Cms.Theme
import Cms.Components
import Cms.ViewModels
import "shell"

// The window: the sidebar, the strips, the page, and what lies over them.
ApplicationWindow {
    id: window

    required property ShellViewModel shell
    readonly property bool open: shell.stage === "open"
    readonly property bool loading: host.loading
    readonly property bool narrow: width < Theme.breakpoint

    function raise_() {
        show();
        raise();
        requestActivate();
    }

    width: 1440
    height: 900
    minimumWidth: 1024
    minimumHeight: 700
    visible: true
    title: qsTr("Contract Management System")
    color: Theme.surface
    font: Theme.font("body")
    palette.window: Theme.surface
    palette.windowText: Theme.ink
    palette.base: Theme.surface
    palette.text: Theme.ink
    palette.highlight: Theme.selection
    palette.highlightedText: Theme.ink
    palette.placeholderText: Theme.inkTertiary
    palette.mid: Theme.controlBorder
    palette.dark: Theme.controlBorder

    Binding {
        target: Theme
        property: "dark"
        value: window.shell.dark
    }
    Binding {
        target: Theme
        property: "scale"
        value: window.shell.scale
    }
    Binding {
        target: Theme
        property: "lessMotion"
        value: window.shell.lessMotion
    }
    Connections {
        target: window.shell
        function onToasted(text, action) {
            toasts.show(text, action);
        }
        function onRaised() {
            window.raise_();
        }
    }
    WindowKeys {
        shell: window.shell
        enabled: window.open
        onPaletteWanted: palette_.open()
        onHelpWanted: window.shell.show("settings")
    }
    Sidebar {
        id: side

        objectName: "sidebar"
        visible: window.open
        width: !visible ? 0 : window.narrow ? Theme.sizeRail : Theme.sizeSidebar
        height: parent.height
        rail: window.narrow
        shell: window.shell
    }
    Strips {
        id: strips

        anchors.left: side.right
        anchors.right: parent.right
        y: Theme.space(0)
        visible: window.open
        shell: window.shell
    }
    PageHost {
        id: host

        objectName: "pageHost"
        anchors {
            left: side.right
            right: parent.right
            top: strips.visible ? strips.bottom : parent.top
            bottom: parent.bottom
        }
        focus: true
        shell: window.shell
        covered: palette_.visible
        onPaletteWanted: palette_.open()
    }
    DropArea {
        id: drop

        anchors.fill: parent
        enabled: window.open && window.shell.page !== "verify" && window.shell.page !== "draft"
        keys: ["text/uri-list"]
        onDropped: event => {
            window.shell.drop(event.urls);
            event.accept();
        }
    }
    DropZone {
        anchors.centerIn: parent
        visible: drop.containsDrag
        title: qsTr("Let go to verify")
        text: qsTr(".cmsproof, our PDF, or a digest")
    }
    ToastHost {
        id: toasts

        anchors.leftMargin: side.width
        onActed: window.shell.undo()
    }
    CommandPalette {
        id: palette_

        objectName: "palette"
        shell: window.shell
    }
}
