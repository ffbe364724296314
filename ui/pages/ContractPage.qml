pragma ComponentBehavior: Bound

import QtQuick
import Cms.Theme
import Cms.Components
import Cms.ViewModels
import "contract"
import "paper"
import "saving"

// One contract: the paper, the people, the one main action, and the steps below.
FocusScope {
    id: page

    required property ContractViewModel vm
    readonly property bool compact: width < Theme.breakpoint - Theme.sizeSidebar

    signal back

    Keys.onPressed: event => {
        if (event.modifiers !== Qt.NoModifier)
            return;
        if (event.key === Qt.Key_S && page.vm.turn.action === "sign")
            page.vm.act("sign");
        else if (event.key === Qt.Key_V)
            page.vm.act("verify");
        else if (event.key === Qt.Key_Escape)
            page.vm.close();
        else
            return;
        event.accepted = true;
    }

    function answer(action) {
        if (action === "comment")
            comments.open();
        else if (action === "export")
            saver.save("cmsproof");
        else if (action !== "")
            ask.ask(action);
    }

    Component.onCompleted: answer(vm.take_asked())

    Connections {
        target: page.vm
        function onAsked() {
            page.answer(page.vm.take_asked());
        }
    }
    PageHeader {
        id: header

        width: parent.width
        title: page.vm.head.title
        serif: true
        back: true
        badge: page.vm.head.badge
        badgeText: page.vm.head.badgeText
        onBackClicked: page.vm.close()

        IconButton {
            objectName: "contractComments"
            icon: "chat-text"
            tip: comments.count > 0 ? qsTr("Comments: %L1").arg(comments.count) : qsTr("Comment on it")
            onClicked: comments.open()
        }
        ExportMenu {
            onChosen: kind => saver.save(kind)
        }
    }
    DoubtsStrip {
        id: doubts

        anchors.top: header.bottom
        width: parent.width
        doubt: page.vm.doubt
        doubts: page.vm.doubts
    }
    Rectangle {
        id: desk

        anchors {
            top: doubts.bottom
            bottom: timeline.top
            left: parent.left
            right: side.left
        }
        color: Theme.ground

        RevisionBar {
            id: chips

            x: Math.round((parent.width - width) / 2)
            y: Theme.space(3)
            width: text.sheetWidth
            revisions: page.vm.revisions
            bases: page.vm.bases
            comparing: page.vm.comparing
            onChosen: revision => page.vm.show_revision(revision)
            onBaseChosen: revision => page.vm.compare_with(revision)
            onCompared: on => page.vm.compare(on)
        }
        PaperList {
            id: text

            objectName: "contractPaper"
            anchors {
                top: chips.bottom
                bottom: parent.bottom
                left: parent.left
                right: parent.right
            }
            deskMargin: Theme.space(2)
            model: page.vm.paper
            focus: true
            Accessible.name: page.vm.head.title
        }
    }
    ContractSide {
        id: side

        objectName: "contractSide"
        anchors {
            top: doubts.bottom
            bottom: timeline.top
            right: parent.right
        }
        width: page.compact ? Theme.sizeSideCompact : Theme.sizePreviewPane
        turn: page.vm.turn
        parties: page.vm.parties
        error: page.vm.error
        busy: page.vm.busy
        away: page.vm.head.away
        onActed: action => page.vm.act(action)
    }
    StepsBar {
        id: timeline

        objectName: "contractSteps"
        anchors.bottom: parent.bottom
        width: parent.width
        steps: page.vm.steps
        root: page.vm.root
        onVerified: page.vm.act("verify")
    }
    CommentsDrawer {
        id: comments

        objectName: "contractCommentsDrawer"
        anchors {
            top: doubts.bottom
            bottom: timeline.top
            right: parent.right
        }
        width: side.width
        rows: page.vm.comments
        onSaid: text => page.vm.confirm("comment", text, "")
    }
    ConsequenceDialog {
        id: ask

        objectName: "contractAsk"
        vm: page.vm
    }
    SaveDialog {
        id: saver

        suggested: kind => page.vm.suggested(kind)
        onSaved: (kind, url) => page.vm.export(kind, url)
    }
}
