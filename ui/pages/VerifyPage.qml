pragma ComponentBehavior: Bound

import QtCore
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Dialogs
import QtQuick.Layouts
import Cms.Theme
import Cms.Components
import Cms.ViewModels
import "verify"
import "saving"

// Drop anything: one sentence, five questions, the timeline, the path, every check, and what is not proven.
FocusScope {
    id: page

    required property VerifyViewModel vm
    readonly property bool compact: width < Theme.breakpoint - Theme.sizeSidebar
    readonly property real padding: compact ? Theme.sizePagePaddingCompact : Theme.sizePagePadding

    Component.onCompleted: if (vm.take_choose())
        chooser.open()

    PageHeader {
        id: header

        width: parent.width
        title: qsTr("Verify")
        small: page.vm.hasReport
        subtitle: page.compact ? page.vm.file.name : [page.vm.file.name, page.vm.file.origin].filter(part => part !== "").join("   ")

        CmsButton {
            objectName: "verifyAnother"
            visible: page.vm.hasReport
            kind: "quiet"
            text: qsTr("Check another")
            onClicked: page.vm.clear()
        }
        CmsButton {
            objectName: "verifyLab"
            visible: page.vm.hasReport
            icon: "flask"
            text: page.vm.lab ? qsTr("Leave the lab") : qsTr("Tamper lab")
            onClicked: page.vm.open_lab(!page.vm.lab)
        }
        ExportMenu {
            visible: page.vm.hasReport
            onChosen: kind => saver.save(kind)
        }
    }
    DropPlace {
        objectName: "verifyDrop"
        anchors {
            top: header.bottom
            bottom: parent.bottom
            left: parent.left
            right: parent.right
        }
        visible: !page.vm.hasReport
        focus: !page.vm.hasReport
        busy: page.vm.busy
        error: page.vm.error
        answer: page.vm.answer
        onDropped: urls => page.vm.drop_urls(urls)
        onAsked: text => page.vm.drop_text(text)
        onChooseWanted: chooser.open()
    }
    Flickable {
        id: scroll

        anchors {
            top: header.bottom
            bottom: parent.bottom
            left: parent.left
            right: parent.right
        }
        visible: page.vm.hasReport
        focus: page.vm.hasReport
        clip: true
        contentHeight: content.height + 2 * Theme.space(3)
        boundsBehavior: Flickable.StopAtBounds
        ScrollBar.vertical: ScrollBar {}

        ColumnLayout {
            id: content

            x: page.padding
            y: Theme.space(2)
            width: scroll.width - 2 * x
            spacing: Theme.space(2)

            VerdictHead {
                objectName: "verifyVerdict"
                Layout.fillWidth: true
                verdict: page.vm.verdict
                compact: page.compact
            }
            T {
                objectName: "verifyError"
                Layout.fillWidth: true
                visible: page.vm.error !== "" || page.vm.busy !== ""
                text: page.vm.error !== "" ? page.vm.error : page.vm.busy
                color: page.vm.error !== "" ? Theme.failed : Theme.inkSecondary
                wrapMode: Text.Wrap
            }
            TamperLab {
                objectName: "verifyTamperLab"
                Layout.fillWidth: true
                visible: page.vm.lab
                vm: page.vm
            }
            OfferRow {
                Layout.fillWidth: true
                visible: page.vm.offer !== "" && page.vm.tampered === ""
                label: page.vm.offer
                onTaken: page.vm.take_in()
            }
            QuestionsRow {
                objectName: "verifyQuestions"
                Layout.fillWidth: true
                questions: page.vm.questions
                compact: page.compact
            }
            GridLayout {
                Layout.fillWidth: true
                columns: page.compact ? 1 : 2
                columnSpacing: Theme.space(4)
                rowSpacing: Theme.space(3)

                ColumnLayout {
                    Layout.fillWidth: true
                    Layout.alignment: Qt.AlignTop
                    spacing: Theme.space(2)

                    TimelineView {
                        objectName: "verifyTimeline"
                        Layout.fillWidth: true
                        focus: true
                        events: page.vm.events
                        brackets: page.vm.hasReport ? page.vm.brackets_between(topRow, topRow + shownRows) : []
                        axis: page.vm.axis
                        selected: page.vm.selected
                        onChosen: row => page.vm.select(row)
                    }
                    PathView {
                        objectName: "verifyPath"
                        Layout.fillWidth: true
                        visible: page.vm.path.title !== undefined
                        path: page.vm.path
                    }
                }
                ColumnLayout {
                    Layout.preferredWidth: Theme.sizeInspector
                    Layout.maximumWidth: page.compact ? scroll.width : Theme.sizeInspector
                    Layout.fillWidth: page.compact
                    Layout.alignment: Qt.AlignTop
                    spacing: Theme.space(4)

                    ChecksPane {
                        objectName: "verifyChecks"
                        Layout.fillWidth: true
                        details: page.vm.details
                        checks: page.vm.checks
                        wholeFile: page.vm.selected < 0
                        onToggled: key => page.vm.toggle_check(key)
                        onWholeFileWanted: page.vm.select(page.vm.selected < 0 ? page.vm.events.count - 1 : -1)
                    }
                    LimitsBox {
                        objectName: "verifyLimits"
                        Layout.fillWidth: true
                        text: page.vm.limits
                    }
                }
            }
        }
    }
    FileDialog {
        id: chooser

        currentFolder: StandardPaths.writableLocation(StandardPaths.HomeLocation)
        nameFilters: [qsTr("Evidence files and certificates (*.cmsproof *.pdf)"), qsTr("All files (*)")]
        onAccepted: page.vm.open_file(selectedFile)
    }
    SaveDialog {
        id: saver

        suggested: kind => page.vm.suggested(kind)
        onSaved: (kind, url) => page.vm.export(kind, url)
    }
    Connections {
        target: page.vm
        function onChooseAsked() {
            if (page.vm.take_choose())
                chooser.open();
        }
    }
}
